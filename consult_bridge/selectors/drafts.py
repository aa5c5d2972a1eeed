"""A person's own unsent requests and what was kept for them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from consult_bridge.models import Consult, ConsultDraft, DraftFile, DraftFileKind
from core.actor import Actor
from core.jobs import newest_job
from media_pipeline import api as media

MOST_DRAFTS = 50
MOST_WARNING_DAYS = 5


def drafts_of(actor: Actor) -> QuerySet[ConsultDraft]:
    """The newest first."""
    return ConsultDraft.objects.filter(person_id=actor.person_id).order_by("-saved_at")


def draft_of(actor: Actor, draft_id: UUID) -> ConsultDraft | None:
    return drafts_of(actor).filter(pk=draft_id).first()


def draft_life() -> timedelta:
    """How long a draft is kept after it was last saved (XINGLIN_DRAFT_DAYS)."""
    return timedelta(days=settings.XINGLIN_DRAFT_DAYS)


def warning_time() -> timedelta:
    """How long before its end a draft's writer is told."""
    return min(timedelta(days=MOST_WARNING_DAYS), draft_life() / 3)


def kept_until(draft: ConsultDraft) -> datetime:
    """When it is deleted unless it is saved again: nobody loses a draft who was not told in time."""
    end = draft.saved_at + draft_life()
    return max(end, draft.warned_at + warning_time()) if draft.warned_at else end


def fields_of(draft: ConsultDraft | None) -> dict[str, list[str]]:
    """What was typed so far: field name -> values."""
    return json.loads(draft.body) if draft else {}


def files_of(actor: Actor, draft_id: UUID) -> list[DraftFile]:
    return list(DraftFile.objects.filter(draft_id=draft_id, person_id=actor.person_id))


def job_key(consult_id: UUID) -> str:
    """What the keys of all jobs begin with that hand the images of a sent request to the archive."""
    return f"consult_bridge.kept_images:{consult_id}"


def files_being_read(consult: Consult) -> int:
    """How many image files of the consult are on their way: kept until a job hands them on, or waiting to be read."""
    kept = DraftFile.objects.filter(draft_id=consult.pk, kind=DraftFileKind.IMAGE).count()
    on_hold = images_not_sent(consult) if kept else 0
    return kept - on_hold + media.files_being_read(consult.uploads.values_list("pk", flat=True))


def images_not_sent(consult: Consult) -> int:
    """How many image files of the request lie here because the job that hands them on gave up; 0 while it tries."""
    number = DraftFile.objects.filter(draft_id=consult.pk, kind=DraftFileKind.IMAGE).count()
    last = newest_job(job_key(consult.pk)) if number else None
    return number if last is not None and last.state == "dead" else 0
