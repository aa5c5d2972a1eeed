"""What was approved: asked by whoever owns content, answered by whoever publishes it."""

from __future__ import annotations

from collections.abc import Callable, Collection

Reviewed = Callable[[str, Collection[str]], set[str]]
_providers: dict[str, Reviewed] = {}


def register_reviewed(provider: Reviewed) -> None:
    """`provider(kind, references)` gives those that stand in something published after peer review."""
    _providers[f"{provider.__module__}.{provider.__qualname__}"] = provider


def reviewed(kind: str, references: Collection[str]) -> set[str]:
    """Those of `references` that peers approved with what shows them. Says that, and never where."""
    return {reference for provider in _providers.values() for reference in provider(kind, references)}
