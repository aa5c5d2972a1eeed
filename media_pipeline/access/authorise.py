"""Who may read which study: decided here and nowhere else, on every request."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.actor import Actor
from core.errors import Forbidden
from media_pipeline.errors import ReleaseClosed, StudyNotFound
from media_pipeline.models import IdentifiedStudy, TeachingStudy


def may_view_study(actor: Actor, study_id: UUID, now: datetime) -> bool:
    """Whether a live Share lets the actor see this identified study."""
    return IdentifiedStudy.objects.visible_to(actor, now).filter(pk=study_id).exists()


def authorise_identified(*, actor: Actor, study_id: UUID, now: datetime) -> IdentifiedStudy:
    """The study, if the actor may see it now. Missing and foreign read the same: StudyNotFound."""
    study = IdentifiedStudy.objects.visible_to(actor, now).select_related("organisation").filter(pk=study_id).first()
    if study is None:
        raise StudyNotFound
    return study


def authorise_teaching(*, actor: Actor, study_id: UUID, now: datetime) -> TeachingStudy:
    """The released study, if the actor belongs to its audience now. Raises Forbidden for nobody, ReleaseClosed.

    State and audience are read each time, so that a closed release is gone from the commit that closed it. Missing,
    closed and not for this actor read the same.
    """
    if not actor.is_signed_in:
        raise Forbidden
    study = TeachingStudy.objects.visible_to(actor, now).select_related("release").filter(pk=study_id).first()
    if study is None:
        raise ReleaseClosed
    return study
