"""Lists that show patients' names are read like a record: one entry per actor, list and quarter of an hour."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import kept
from core.actor import Actor
from core.audit.recording import record

WINDOW_SECONDS = 15 * 60


def note_list(*, actor: Actor, name: str, permission: str, shown: int, now: datetime) -> None:
    """Record that the actor was shown `shown` names by the list `name`; an empty list shows nobody and is no reading.

    The entry belongs to the organisation in which the actor holds `permission`, the highest where there are several. It
    says how many, never who. When the cache forgets there is one entry more, never one less.
    """
    if not shown:
        return
    key = f"list-read:{name}:{actor.person_id}:{int(now.timestamp()) // WINDOW_SECONDS}"
    if not kept.is_first(key, WINDOW_SECONDS):
        return
    paths = [grant.organisation_path for grant in actor.grants if permission in grant.permissions]
    try:
        with transaction.atomic():
            record(
                action="list.read",
                actor=actor,
                subject_type="list",
                subject_id=name,
                organisation_path=min(paths, key=lambda path: (len(path), path), default=""),
                details={"shown": shown},
                now=now,
            )
    except BaseException:
        kept.forget(key)
        raise
