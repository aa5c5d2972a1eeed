"""What waits for a person, as numbers: kept for 20 seconds, forgotten when the person changes something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.cache import cache

from core import kept
from core.actor import Actor
from core.ui.registry import NavigationItem

KEPT_SECONDS = 20


def _key(person_id: UUID) -> str:
    return f"waiting:{person_id}"


def forget(person_id: UUID) -> None:
    kept.forget(_key(person_id))


def waiting(actor: Actor, items: Iterable[NavigationItem], now: datetime) -> dict[str, int]:
    """Item key -> number of things that wait for this actor; only numbers above zero."""
    if actor.person_id is None:
        return {}
    counted: dict[str, int] | None = cache.get(_key(actor.person_id))
    if counted is None:
        counted = {item.key: item.count(actor, now) for item in items if item.count}
        counted = {key: number for key, number in counted.items() if number}
        kept.keep(_key(actor.person_id), counted, KEPT_SECONDS)
    return counted
