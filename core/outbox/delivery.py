"""From the business transaction to every subscriber, at least once by delivery and exactly once by receipt.

An event means "look again": no order is promised, and the handler reads the present state through the owner's api.
Celery is only the wake-up: a lost message is found again by the periodic sweep.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from core.full_disk import StorageFull, is_full_disk
from core.outbox.models import InboxReceipt, OutboxEvent
from core.outbox.registry import Event, subscribers_of
from core.tracing import places_of

log = logging.getLogger(__name__)

BATCH = 100
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)
MOST_ATTEMPTS = 1000  # counted; it is tried for ever


def publish(event: Event, *, now: datetime) -> None:
    """Record `event` in the current transaction and wake the deliverer after commit.

    Must be called inside `transaction.atomic`. An event that nobody subscribes to leaves no row.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish() belongs inside the business transaction")
    if not subscribers_of(event.event_type()):
        return
    row = OutboxEvent.objects.create(event_type=event.event_type(), payload=event.payload(), occurred_at=now)
    from core.outbox.tasks import wake

    transaction.on_commit(lambda: wake(row.pk))


def undelivered(now: datetime) -> list[UUID]:
    """Events that are due, oldest first, at most one batch."""
    due = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    rows = OutboxEvent.objects.filter(due, delivered_at__isnull=True).order_by("id")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def deliver(event_id: UUID, *, now: datetime) -> bool:
    """Run every subscriber that has no receipt yet. True when all have one now.

    A failing subscriber does not keep the others from running; it is tried again with growing pauses.
    """
    row = OutboxEvent.objects.filter(pk=event_id, delivered_at__isnull=True).first()
    if row is None:
        return True
    try:
        event = Event.types[row.event_type].from_payload(row.payload)
    except (KeyError, TypeError, ValueError) as error:  # written by another version of the software
        log.error("event %s cannot be read: %s", row, type(error).__name__)
        failure = f"{row.event_type}: {type(error).__name__}"
    else:
        failure = _to_each(row, event, now)
    if failure:
        attempts = 0 if failure.endswith(StorageFull.code) else row.attempts  # when there is space it goes on at once
        pause = min(FIRST_RETRY * 2 ** min(attempts, 10), LONGEST_RETRY)
        OutboxEvent.objects.filter(pk=row.pk).update(
            attempts=min(attempts + 1, MOST_ATTEMPTS), retry_at=now + pause, last_error=failure[:300]
        )
        return False
    OutboxEvent.objects.filter(pk=row.pk).update(delivered_at=now, last_error="")
    return True


def _to_each(row: OutboxEvent, event: Event, now: datetime) -> str:
    """The last failure's text, or "" when every subscriber has handled the event."""
    failure = ""
    for name in subscribers_of(row.event_type):
        failure = _handle(row, event, name, now) or failure
    return failure


def _handle(row: OutboxEvent, event: Event, name: str, now: datetime) -> str:
    """Run one subscriber in one transaction with its receipt. The error's text, or "" when it is done."""
    if InboxReceipt.objects.filter(event=row, subscriber=name).exists():
        return ""
    try:
        with transaction.atomic():
            InboxReceipt.objects.create(event=row, subscriber=name, handled_at=now)
            subscribers_of(row.event_type)[name](event, now=now)
    except IntegrityError as error:
        if InboxReceipt.objects.filter(event=row, subscriber=name).exists():
            return ""  # another deliverer was first
        log.error("subscriber %s failed on %s: %s\n%s", name, row, type(error).__name__, places_of(error))
        return f"{name}: {type(error).__name__}"
    except Exception as error:  # a subscriber's fault must not stop the others; it is kept on the row and retried
        if is_full_disk(error):
            return f"{name}: {StorageFull.code}"
        log.error("subscriber %s failed on %s: %s\n%s", name, row, type(error).__name__, places_of(error))
        return f"{name}: {type(error).__name__}"
    return ""
