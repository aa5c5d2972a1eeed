"""A day is the local day: from midnight to midnight in the installation's time zone."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone


def local_midnight(day: date) -> datetime:
    """The moment the day begins."""
    return timezone.make_aware(datetime.combine(day, time()))
