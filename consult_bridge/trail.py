"""One audit entry per reader, thing read and quarter of an hour, where identified data of a consult is handed out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge.models import Consult
from core import kept
from core.actor import Actor
from core.audit import record

WINDOW_SECONDS = 15 * 60


def note_reading(*, actor: Actor, consult: Consult, now: datetime, part: str = "", part_id: UUID | None = None) -> None:
    """Record that the actor read the consult, or one `part` of it: "attachment", "consent", "opinion", "report".

    An entry that could not be written does not count. When the cache forgets, there is one entry more, never one less.
    """
    key = f"consult-read:{actor.person_id}:{consult.pk}:{part}:{part_id or ''}"
    if not kept.is_first(key, WINDOW_SECONDS):
        return
    try:
        with transaction.atomic():
            record(
                action=f"consult.{part}_read" if part else "consult.viewed",
                actor=actor,
                subject_type="consult",
                subject_id=consult.pk,
                organisation_path=consult.requesting_organisation.path,
                details={part: str(part_id)} if part_id else {},
                now=now,
            )
    except BaseException:
        kept.forget(key)
        raise
