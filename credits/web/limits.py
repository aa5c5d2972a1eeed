"""A limit for what is open to everybody: so many calls a minute from one address."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from core import kept
from core.ui.client_address import client_address
from credits.errors import TooManyChecks

PER_MINUTE = 60  # a hospital sits behind one address


def limit_checks(request: HttpRequest, now: datetime) -> None:
    """Raises TooManyChecks above the limit. Counted in the shared cache, forgotten after two minutes."""
    key = f"verify:{client_address(request)}:{int(now.timestamp()) // 60}"
    if kept.count_up(key, 120) > PER_MINUTE:
        raise TooManyChecks
