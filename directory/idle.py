"""How long a signed-in person may be away before the session ends.

When somebody was last at work stands in the cache beside the session, never in the database, and is written anew at
most every half minute (ADR 0017).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from core import kept

WARNING_SECONDS = 120.0
WRITTEN_EVERY = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Idle:
    """Seconds: `limit` without activity end the session, `warning` before that the page asks, `left` there are now."""

    limit: float
    left: float

    @property
    def warning(self) -> float:
        return min(WARNING_SECONDS, self.limit / 2)

    @property
    def at_least(self) -> float:
        """Seconds that a page just opened may count on. The same for every page, so that two refusals read the same."""
        return self.limit - _written_every(self.limit)

    @property
    def minutes(self) -> int:
        return in_minutes(self.limit)

    @property
    def is_over(self) -> bool:
        return self.left <= 0


def limit(*, is_mfa_verified: bool) -> float:
    """Seconds. A session that proved a second factor may see patients or administer; it ends sooner than others."""
    minutes = settings.XINGLIN_IDLE_MINUTES if is_mfa_verified else settings.XINGLIN_IDLE_MINUTES_LEARNING
    return 60.0 * float(minutes)


def in_minutes(seconds: float) -> int:
    """As a page says it."""
    return max(1, round(seconds / 60))


def look(session_key: str, *, is_mfa_verified: bool, now: float) -> Idle:
    """Where the session stands; one that is seen for the first time begins now. One read of the cache."""
    allowed = limit(is_mfa_verified=is_mfa_verified)
    last: float | None = cache.get(_key(session_key))
    if last is None:
        note_activity(session_key, now=now)
        last = now
    return Idle(allowed, last + allowed - now)


def note_activity(session_key: str, *, now: float) -> None:
    """The person did something. Kept as long as a session may last."""
    kept.keep(_key(session_key), now, settings.SESSION_COOKIE_AGE)


def is_worth_noting(idle: Idle) -> bool:
    """Whether the last note is old enough to be written again."""
    return idle.limit - idle.left > _written_every(idle.limit)


def _written_every(limit: float) -> float:
    return min(WRITTEN_EVERY, limit / 10)


def _key(session_key: str) -> str:
    return f"active:{hashlib.sha256(session_key.encode()).hexdigest()}"
