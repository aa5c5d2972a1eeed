"""When the seeded consults were asked: twelve months of growth, few at weekends, most in the forenoon."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

TOTAL = 1500
DAYS = 365
WEEKEND = 0.35
GROWTH = 1.6  # the last day's rate is 1 + GROWTH times the first day's
HOURS = (8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 14, 14, 15, 15, 16, 16, 17, 19, 21)


def moments(rng: Random, now: datetime) -> list[datetime]:
    """The moments of submission, oldest first, all at least four days before `now`."""
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    days = [first + timedelta(days=offset) for offset in range(DAYS - 3)]
    weights = [(1 + GROWTH * place / DAYS) * (WEEKEND if day.weekday() >= 5 else 1.0) for place, day in enumerate(days)]
    drawn = rng.choices(days, cum_weights=list(accumulate(weights)), k=TOTAL)
    return sorted(
        day + timedelta(hours=rng.choice(HOURS), minutes=rng.randrange(60), seconds=rng.randrange(60)) for day in drawn
    )
