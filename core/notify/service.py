"""Tell people, and note what they have read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core.errors import NotFound
from core.jobs.service import enqueue
from core.notify.kinds import Kind, kind_named
from core.notify.models import Notification

BATCH = 100


def notify(
    *, person_ids: Iterable[UUID], kind: str, params: dict[str, Any], url: str, now: datetime, key: str | None = None
) -> int:
    """Tell each person once, in the current transaction; returns how many were told.

    With `key` a person who already has it is not told again. `params` may hold ids, states and counts, never patient
    data. What leaves the house is sent by a job after commit. Raises ValueError for a kind that nobody registered.
    """
    known = kind_named(kind)
    if known is None:
        raise ValueError(f"unknown notification kind {kind}")
    values = {name: value if isinstance(value, int) else str(value) for name, value in params.items()}
    wanted = list(dict.fromkeys(person_ids))
    with transaction.atomic():
        if key is not None:
            told = set(Notification.objects.filter(person__in=wanted, key=key).values_list("person_id", flat=True))
            wanted = [person_id for person_id in wanted if person_id not in told]
        rows = [
            Notification(person_id=person_id, kind=kind, params=values, url=url, key=key, created_at=now)
            for person_id in wanted
        ]
        Notification.objects.bulk_create(rows, batch_size=500, ignore_conflicts=key is not None)
        if known.outside:
            _send_later([row.pk for row in rows], known, now)
    return len(rows)


def _send_later(ids: list[UUID], kind: Kind, now: datetime) -> None:
    from core.notify.tasks import send_outside, send_pressing

    sending = send_pressing if kind.is_pressing else send_outside
    for start in range(0, len(ids), BATCH):
        batch = [str(each) for each in ids[start : start + BATCH]]
        enqueue(sending, now=now, arguments={"notification_ids": batch})


def reword(*, keys: Iterable[str], params: dict[str, str]) -> int:
    """Put other words into what was told under these keys, since they may not be said any more; how many notices."""
    rows = list(Notification.objects.select_for_update().filter(key__in=list(keys)))
    for row in rows:
        row.params = {**row.params, **params}
    Notification.objects.bulk_update(rows, ["params"], batch_size=500)
    return len(rows)


def mark_read(*, person_id: UUID, notification_id: UUID, now: datetime) -> str:
    """Note that the person opened it; returns the page it points to. Raises NotFound for somebody else's."""
    mine = Notification.objects.filter(pk=notification_id, person_id=person_id)
    row = mine.first()
    if row is None:
        raise NotFound
    mine.filter(read_at__isnull=True).update(read_at=now)
    return row.url


def mark_all_read(*, person_id: UUID, now: datetime) -> int:
    """Note that the person has seen everything; returns how many were unread."""
    return Notification.objects.filter(person_id=person_id, read_at__isnull=True).update(read_at=now)
