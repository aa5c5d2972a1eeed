"""One audit entry per actor, study, session and quarter of an hour, not one per frame."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core import kept
from core.actor import Actor
from core.audit import record

WINDOW_SECONDS = 15 * 60


def note_view(*, actor: Actor, study_id: UUID, organisation_path: str, session: str, kind: str, now: datetime) -> None:
    """Record that the actor looked at a study, unless this session has said so in the present quarter of an hour.

    When the cache forgets, there is one entry more, never one less.
    """
    quarter = int(now.timestamp()) // WINDOW_SECONDS
    key = f"media.view:{kind}:{actor.person_id}:{study_id}:{session}:{quarter}"
    if not kept.is_first(key, WINDOW_SECONDS):
        return
    try:
        with transaction.atomic():
            record(
                action=f"imaging.{kind}_viewed",
                actor=actor,
                subject_type="study",
                subject_id=study_id,
                organisation_path=organisation_path,
                details={},
                now=now,
            )
    except BaseException:
        kept.forget(key)
        raise
