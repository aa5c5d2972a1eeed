"""What a person was told, ready to be read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from core.notify.kinds import kind_named
from core.notify.models import Notification

COUNT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification in the active language."""

    id: UUID
    kind: str
    subject: str
    text: str
    url: str
    created_at: datetime
    is_read: bool


def unread_count(person_id: UUID) -> int:
    """Unread notifications, counted to 100 at most: beyond that the exact number helps nobody."""
    unread = Notification.objects.filter(person_id=person_id, read_at__isnull=True)
    return len(unread.order_by().values_list("pk")[:COUNT_LIMIT])


def notifications_of(person_id: UUID) -> QuerySet[Notification]:
    """Newest first; page it, then turn each row into a `Notice` with `notice`."""
    return Notification.objects.filter(person_id=person_id).order_by("-id")


def told_last(*, person_ids: Collection[UUID], key_prefix: str) -> dict[UUID, datetime]:
    """When each of these people was last told something whose key begins so; nobody who never was. One query."""
    rows = Notification.objects.filter(person__in=person_ids, key__startswith=key_prefix)
    return dict(rows.values("person").annotate(last=Max("created_at")).order_by().values_list("person", "last"))


def notice(row: Notification) -> Notice:
    kind = kind_named(row.kind)
    subject = str(kind.subject) if kind else _("A notice")
    text = kind.text(row.params) if kind else ""
    return Notice(row.pk, row.kind, subject, text, row.url, row.created_at, row.read_at is not None)
