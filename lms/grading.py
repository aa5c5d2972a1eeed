"""What is done, what is earned, and whether it is enough. Pure functions over an edition and its voids.

The rule: a course is passed when every node that still stands is done and the points earned reach the edition's pass
percentage. A voided node leaves numerator and denominator. For each unit the best attempt counts, and a void never
lowers an attempt's share of its points.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from cms.contracts import Edition, EditionUnit
from core.content import FrozenNode

ZERO = Decimal(0)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Earned:
    """One submitted attempt: points by node key, and `points` of `max_points` as handed in or as a void lifted them."""

    by_node: Mapping[str, Decimal]
    points: Decimal
    max_points: Decimal
    submitted_at: datetime

    def of(self, nodes: Collection[FrozenNode], most: Decimal) -> Decimal:
        """Points at `nodes`, `most` of which can be earned there: what stands of them, or by the share as handed in."""
        standing = sum((self.by_node.get(node.key, ZERO) for node in nodes), ZERO)
        return max(standing, self.points * most / self.max_points) if self.max_points else standing


@dataclass(frozen=True, slots=True)
class CourseScore:
    """`percent` has two decimals, and is 100 where nothing is scored."""

    points: Decimal
    max_points: Decimal

    @property
    def percent(self) -> Decimal:
        if not self.max_points:
            return Decimal(100).quantize(HUNDREDTH)
        return (self.points * 100 / self.max_points).quantize(HUNDREDTH, ROUND_HALF_UP)


def standing(unit: EditionUnit, voids: Collection[str]) -> list[FrozenNode]:
    """The unit's nodes that were not voided."""
    return [node for node in unit.nodes if node.key not in voids]


def questions(unit: EditionUnit, voids: Collection[str]) -> list[FrozenNode]:
    """The unit's scored nodes that still stand."""
    return [node for node in standing(unit, voids) if node.is_scored]


def unit_is_done(unit: EditionUnit, done: Collection[str], voids: Collection[str]) -> bool:
    return all(node.key in done for node in standing(unit, voids))


def percent_done(edition: Edition, done: Collection[str], voids: Collection[str]) -> int:
    """Done nodes of those that stand, rounded down, so that 100 means all of them."""
    keys = [node.key for node in edition.nodes if node.key not in voids]
    return 100 * sum(key in done for key in keys) // len(keys) if keys else 100


def course_score(edition: Edition, voids: Collection[str], attempts: Mapping[str, Iterable[Earned]]) -> CourseScore:
    """The sum over units of the best submitted attempt; `attempts` maps a unit's key to what each attempt earned."""
    points = most = ZERO
    for unit in edition.units:
        nodes = questions(unit, voids)
        of_unit = sum((Decimal(node.points) for node in nodes), ZERO)
        most += of_unit
        points += max((earned.of(nodes, of_unit) for earned in attempts.get(unit.key, ())), default=ZERO)
    return CourseScore(points, most)


def reaches_mark(edition: Edition, points: Decimal, max_points: Decimal) -> bool:
    """Whether an attempt passes its unit by itself."""
    return points * 100 >= max_points * edition.pass_percent


def is_passed(edition: Edition, voids: Collection[str], done: Collection[str], score: CourseScore) -> bool:
    return percent_done(edition, done, voids) == 100 and score.percent >= edition.pass_percent
