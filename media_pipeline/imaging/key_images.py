"""Mark the frames that matter (关键图像)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.actor import Actor
from core.audit import record
from media_pipeline.access.authorise import authorise_identified
from media_pipeline.imaging.locating import locate
from media_pipeline.models import KeyImage


def toggle_key_image(*, actor: Actor, study_id: UUID, series: int, frame: int, now: datetime) -> bool:
    """Mark the frame, or unmark it when it is marked; whether it is marked now. Raises StudyNotFound."""
    with transaction.atomic():
        study = authorise_identified(actor=actor, study_id=study_id, now=now)
        located = locate(study, series, frame)
        mark = {"instance": located.instance, "frame": located.frame}
        is_marked = not KeyImage.objects.filter(**mark).delete()[0]
        if is_marked:
            KeyImage.objects.create(**mark, marked_by_id=actor.person_id, marked_at=now)
        record(
            action="imaging.key_image_marked" if is_marked else "imaging.key_image_unmarked",
            actor=actor,
            subject_type="study",
            subject_id=study.pk,
            organisation_path=study.organisation.path,
            details={"series": series, "frame": frame},
            now=now,
        )
    return is_marked
