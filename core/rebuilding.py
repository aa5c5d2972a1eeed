"""Read tables that can be made anew from their owners' tables: `manage.py rebuild NAME`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol


class Rebuild(Protocol):
    def __call__(self, *, now: datetime) -> Mapping[str, int]:
        """Make it anew; returns what was written, by sort."""
        ...


_rebuilds: dict[str, Callable[..., Mapping[str, int]]] = {}


def register_rebuild(name: str, rebuild: Rebuild) -> None:
    """Offer a rebuild by name, in `AppConfig.ready`. Raises ValueError when the name is taken."""
    if _rebuilds.get(name, rebuild) is not rebuild:
        raise ValueError(f"rebuild {name} is registered twice")
    _rebuilds[name] = rebuild


def rebuild_names() -> list[str]:
    return sorted(_rebuilds)


def run_rebuild(name: str, *, now: datetime) -> Mapping[str, int]:
    """Raises KeyError for an unknown name."""
    return _rebuilds[name](now=now)
