"""A map of hexagonal tiles: geometry and colour steps. Pointy tops, "even-r" offset rows (even rows shifted right)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from core.ui.figures import Area

RADIUS, GAP, PAD = 44.0, 2.0, 10.0
WIDTH = math.sqrt(3) * (RADIUS + GAP)
HEIGHT = 1.5 * (RADIUS + GAP)
STEPS = 5
MOST_SIGNS = 6


@dataclass(frozen=True, slots=True)
class Tile:
    """One drawn area; `points` are its corners, `x` and `y` its middle."""

    area: Area
    x: float
    y: float

    @property
    def points(self) -> str:
        corners = (math.radians(60 * turn - 90) for turn in range(6))
        return " ".join(f"{self.x + RADIUS * math.cos(a):.1f},{self.y + RADIUS * math.sin(a):.1f}" for a in corners)

    @property
    def label(self) -> str:
        """The short name, cut to what a tile holds: six Chinese signs or eleven Latin letters."""
        name = self.area.short_name
        most = MOST_SIGNS if any(ord(sign) > 0x2E7F for sign in name) else 11
        return name if len(name) <= most else name[: most - 1] + "…"


@dataclass(frozen=True, slots=True)
class HexMap:
    tiles: list[Tile]
    width: float
    height: float

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width:.0f} {self.height:.0f}"


def _placed(areas: Sequence[Area]) -> list[tuple[Area, int, int]]:
    """Areas with a place of their own; when none has one, all of them in rows as wide as they are many."""
    fixed = [(a, a.column, a.row) for a in areas if a.column is not None and a.row is not None]
    if fixed:
        return fixed
    wide = max(2, math.ceil(math.sqrt(len(areas))))
    return [(area, place % wide, place // wide) for place, area in enumerate(areas)]


def lay_out(areas: Sequence[Area]) -> HexMap:
    """The areas as tiles, in rows from the top, so that the keyboard walks them as one reads."""
    placed = sorted(_placed(areas), key=lambda item: (item[2], item[1]))
    if not placed:
        return HexMap([], 0, 0)
    left = min(column + (0.5 if row % 2 == 0 else 0) for _a, column, row in placed)
    top = min(row for _a, _c, row in placed)
    x0, y0 = PAD + WIDTH / 2, PAD + RADIUS
    tiles = [
        Tile(
            area,
            x0 + (column + (0.5 if row % 2 == 0 else 0) - left) * WIDTH,
            y0 + (row - top) * HEIGHT,
        )
        for area, column, row in placed
    ]
    width = max(t.x for t in tiles) + WIDTH / 2 + PAD
    return HexMap(tiles, width, max(t.y for t in tiles) + RADIUS + PAD)


def cuts(values: Iterable[float]) -> list[float]:
    """At most four values that part the others into five classes of about equal size; fewer for few values."""
    known = sorted(values)
    if len(set(known)) < 2:
        return []
    chosen = {known[len(known) * step // STEPS] for step in range(1, STEPS)}
    return sorted(chosen - {known[0]})


def step_of(value: float, bounds: Sequence[float]) -> int:
    """1 (least) to 5, spread over the colours when there are fewer classes."""
    place = sum(value >= bound for bound in bounds)
    return 1 + round(place * (STEPS - 1) / len(bounds)) if bounds else 3


def legend(bounds: Sequence[float], say: Any, *, is_whole: bool = False) -> list[tuple[int, str]]:
    """(colour, words) of each class; `say` writes a number. Whole numbers are named from the first to the last."""
    if not bounds:
        return []
    inner = [(step_of(low, bounds), _range(low, high, say, is_whole=is_whole)) for low, high in pairwise(bounds)]
    return [(1, f"<{say(bounds[0])}"), *inner, (step_of(bounds[-1], bounds), f"≥{say(bounds[-1])}")]


def _range(low: float, high: float, say: Any, *, is_whole: bool) -> str:
    if not is_whole:
        return f"{say(low)} – <{say(high)}"
    return say(low) if high - low <= 1 else f"{say(low)} – {say(high - 1)}"
