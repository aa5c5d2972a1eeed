"""Events that do not get through: for whoever runs the installation."""

from __future__ import annotations

from django.db.models import QuerySet

from core.outbox.models import OutboxEvent

ALARM_AFTER = 10
"""Attempts, about three quarters of an hour: longer than a restart, shorter than a shift."""


def failing_events() -> QuerySet[OutboxEvent]:
    """Undelivered ones of which a subscriber has failed, the oldest first."""
    return OutboxEvent.objects.filter(delivered_at__isnull=True, attempts__gt=0).order_by("id")


def stuck_events() -> QuerySet[OutboxEvent]:
    """Those that failed so often that they will hardly get through by themselves."""
    return failing_events().filter(attempts__gte=ALARM_AFTER)


def oldest_failing() -> OutboxEvent | None:
    return failing_events().first()
