"""The Celery side of the outbox: a wake-up after commit and a sweep for what was lost."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core.outbox import delivery

log = logging.getLogger(__name__)


def wake(event_id: UUID) -> None:
    """Ask a worker to deliver now. A broker that is down or full costs only time: the sweep finds the row."""
    if not settings.CELERY_BROKER_URL:
        return  # a management command without a broker must not wait for one
    try:
        deliver_event.apply_async(args=(str(event_id),), retry=False)
    except (OperationalError, RedisError, OSError):
        log.warning("broker not reachable; event %s waits for the sweep", event_id)


@shared_task(name="core.outbox.deliver_event")
def deliver_event(event_id: str) -> None:
    delivery.deliver(UUID(event_id), now=timezone.now())


@shared_task(name="core.outbox.deliver")
def deliver_due() -> int:
    """Deliver everything that is due; returns how many were tried."""
    ids = delivery.undelivered(timezone.now())
    for event_id in ids:
        delivery.deliver(event_id, now=timezone.now())
    return len(ids)
