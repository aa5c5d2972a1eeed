"""A limit for what is open to everybody: so many calls a minute from one address."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest

from credits.errors import TooManyChecks

PER_MINUTE = 60  # a hospital sits behind one address


def limit_checks(request: HttpRequest, now: datetime) -> None:
    """Raises TooManyChecks above the limit. Counted in the shared cache, forgotten after two minutes."""
    key = f"verify:{request.META.get('REMOTE_ADDR', '')}:{int(now.timestamp()) // 60}"
    cache.add(key, 0, 120)
    if cache.incr(key) > PER_MINUTE:
        raise TooManyChecks
