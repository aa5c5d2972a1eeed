"""The row "quality and effect" of the supervision page: shares of the whole area, each with what is divided by what.

The rooms that own the numbers register a source; core asks each for the area and keeps small numbers back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.actor import Actor
from core.ui.figures import LEAST, Areas, Question
from core.ui.registry import Text


@dataclass(frozen=True, slots=True)
class Effect:
    """`value` of `base`; `words` say both, as "%(part)s of %(whole)s closed consults".

    `is_private`: it counts patients, so that a share of fewer than five is not written.
    """

    key: str
    label: Text
    value: int
    base: int
    words: Text
    is_private: bool = False

    @property
    def is_small(self) -> bool:
        return self.is_private and 0 < self.base < LEAST

    @property
    def percent(self) -> float | None:
        """None where there is nothing to be a share of, or too little of it."""
        return None if self.is_small or not self.base else round(100 * self.value / self.base, 1)

    @property
    def said(self) -> str:
        return str(self.words) % {"part": f"{self.value:,}", "whole": f"{self.base:,}"}


@dataclass(frozen=True, slots=True)
class EffectSource:
    """`read` gives what a room has for a question, by one or two queries; nothing where the room has none there."""

    key: str
    read: Callable[[Question], Sequence[Effect]]
    permissions: tuple[str, ...] = ("supervise.view",)
    order: int = 50


_sources: dict[str, EffectSource] = {}


def register_effects(source: EffectSource) -> None:
    """Called from `AppConfig.ready` by the room that owns the numbers."""
    _sources[source.key] = source


def effects_of(actor: Actor, question: Callable[[str], Question], areas: Areas) -> list[Effect]:
    """What every room has for this actor; `question` asks by the permission that gives it.

    A township that is only a part of somebody's area shows no private share: its county's hold them. What has nothing
    to be a share of is left out.
    """
    found: list[Effect] = []
    for source in sorted(_sources.values(), key=lambda source: (source.order, source.key)):
        held = next((name for name in source.permissions if actor.may(name)), None)
        if held:
            found += source.read(question(held))
    return [effect for effect in found if effect.base and not (effect.is_private and areas.is_too_small)]
