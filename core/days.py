"""A day is the local day: from midnight to midnight in the installation's time zone."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

FIRST_DAY = date(2000, 1, 1)  # no page asks for an older one


def local_midnight(day: date) -> datetime:
    """The moment the day begins."""
    return timezone.make_aware(datetime.combine(day, time()))
