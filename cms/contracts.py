"""What other packages see of courses: immutable editions, their overlay, cards for lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from core.content import FrozenNode


@dataclass(frozen=True, slots=True)
class EditionUnit:
    """`key` stays the same across editions; `minutes` is the author's estimate."""

    key: str
    title: str
    minutes: int
    nodes: tuple[FrozenNode, ...]


@dataclass(frozen=True)
class Edition:
    """A published edition, immutable; kept in memory once read. `learning_minutes` is what a learner needs.

    `attempts_allowed` at a unit's questions come one after the other; later ones wait (lms.chances). `disclosure` names
    the authors' interests; "" means that none were declared. `cover` is the face that its author chose, else its first
    picture: {"url", "width", "height", "alt"}, a chosen one also with "small" (an address for phones) and "alt_en";
    {"drawn": a sign of the sprite} for a drawing of the house; {} without any.
    """

    id: UUID
    course_id: UUID
    code: str
    number: int
    title: str
    summary: str
    objectives: tuple[str, ...]
    language: str
    subject: str
    level: str
    learning_minutes: int
    pass_percent: int
    attempts_allowed: int
    organisation_id: UUID
    organisation_name: str
    organisation_name_en: str
    author_ids: tuple[UUID, ...]
    disclosure: str
    content_hash: str
    round_id: UUID
    published_at: datetime
    cover: dict[str, Any] = field(repr=False)
    units: tuple[EditionUnit, ...] = field(repr=False)

    @property
    def shown_organisation(self) -> str:
        """In the language of whoever is served now; editions are kept for all of them."""
        return self.organisation_name_en if get_language() == "en" else self.organisation_name

    @property
    def nodes(self) -> tuple[FrozenNode, ...]:
        return tuple(node for unit in self.units for node in unit.nodes)

    @property
    def scored_nodes(self) -> tuple[FrozenNode, ...]:
        return tuple(node for node in self.nodes if node.is_scored)

    def unit(self, key: str) -> EditionUnit | None:
        return next((unit for unit in self.units if unit.key == key), None)

    def node(self, key: str) -> FrozenNode | None:
        return next((node for node in self.nodes if node.key == key), None)


def brings_nothing(credits: dict[str, Any]) -> bool:
    """Whether what credits told of an edition is neither a credit nor an hour; False while it told nothing."""
    return "points" in credits and not Decimal(credits["points"]) and not Decimal(credits.get("hours", 0))


@dataclass(frozen=True, slots=True)
class Overlay:
    """What stands beside an edition now. `voids`: node key -> reason; such nodes leave the denominator."""

    edition_id: UUID
    voids: dict[str, str]
    errata: dict[str, str]
    facts: dict[str, Any]
    epoch: int

    @property
    def brings_nothing(self) -> bool:
        return brings_nothing(self.facts.get("credits", {}))


@dataclass(frozen=True, slots=True)
class CourseCard:
    """One published course for a list. `credits` is what credits told by `set_course_facts`, {} before that.

    `cover` is its face, as in `Edition`.
    """

    course_id: UUID
    edition_id: UUID
    code: str
    number: int
    title: str
    summary: str
    language: str
    subject: str
    level: str
    learning_minutes: int
    organisation_id: UUID
    organisation_name: str
    organisation_name_en: str
    published_at: datetime
    credits: dict[str, Any]
    cover: dict[str, Any]
    url: str

    @property
    def brings_nothing(self) -> bool:
        return brings_nothing(self.credits)
