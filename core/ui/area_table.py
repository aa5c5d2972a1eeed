"""The areas of the supervision page as its map, its table, its file and its sentence, by one chosen figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.ui import figures, hexmap
from core.ui.figures import Area, Areas, Cell, Reading

AT_THE_END = 2  # how many of the last areas are shown below a cut
FEW = 2  # as many rows are not worth a cut
NOTHING = Cell(figures.Amount(), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One area in the table: its rank by the chosen figure (None where that has no number), a cell per figure.

    `is_apart`: not an area to be compared, but a hospital of the authority itself, or the authority's own numbers.
    """

    rank: int | None
    area: Area
    cells: list[tuple[Reading, Cell]]
    is_apart: bool
    chosen: Cell
    value: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """The areas, or what stands apart from them. `between` are the rows that open only when they are asked for."""

    is_apart: bool
    first: Sequence[Line]
    between: Sequence[Line] = ()
    last: Sequence[Line] = ()

    @property
    def rows_left(self) -> tuple[int, int]:
        return len(self.first) + 1, len(self.first) + len(self.between)


@dataclass(frozen=True, slots=True)
class Mark:
    """One tile as drawn: `look` is its colour, "1" to "5"; "zero" where nothing was counted, "none" without data,
    "small" where it is kept back."""

    tile: hexmap.Tile
    cell: Cell
    look: str


@dataclass(frozen=True, slots=True)
class Spread:
    """The two ends of the ranking, where they differ; `zeros` is how many areas had nothing at all.

    Where there are zeros, or numbers kept back, the last of the others is not the lowest, and None.
    """

    first: Line | None
    last: Line | None
    zeros: int


def lines_of(readings: Sequence[Reading], chosen: Reading, areas: Areas) -> list[Line]:
    """Best first by the chosen figure; without a number at the end of its group; what stands apart is not ranked."""
    rows = [*areas.parts, *([areas.here] if areas.here and areas.here.id in chosen.cells else [])]
    drafts = [_line(area, readings, chosen, is_apart=area.is_apart or area == areas.here) for area in rows]
    drafts.sort(key=lambda line: (line.is_apart, line.value is None, -(line.value or 0), line.area.name))
    return [
        line if line.is_apart or line.value is None else replace(line, rank=place)
        for place, line in enumerate(drafts, start=1)
    ]


def groups_of(lines: Sequence[Line], most: int | None) -> list[Group]:
    """The two groups, cut to `most` areas where there are more: the best, and the last two. None cuts nothing.

    What stands apart is opened only when asked for where it would be a list of its own.
    """
    areas, apart = [line for line in lines if not line.is_apart], [line for line in lines if line.is_apart]
    groups = [Group(is_apart=False, first=areas), Group(is_apart=True, first=apart)]
    if most is not None and len(areas) > most:
        head = most - AT_THE_END - 1
        groups[0] = Group(False, areas[:head], areas[head:-AT_THE_END], areas[-AT_THE_END:])
    if most is not None and areas and len(apart) > FEW:
        groups[1] = Group(True, (), apart)
    return [group for group in groups if group.first or group.between]


def _line(area: Area, readings: Sequence[Reading], chosen: Reading, *, is_apart: bool) -> Line:
    cells = [(reading, reading.cells.get(area.id, NOTHING)) for reading in readings]
    cell = chosen.cells.get(area.id, NOTHING)
    return Line(None, area, cells, is_apart, cell, chosen.compared(cell))


def spread_of(lines: Sequence[Line]) -> Spread:
    ranked = [line for line in lines if line.rank is not None]
    counted = [line for line in ranked if line.value]
    differ = len(counted) > 1 and counted[0].value != counted[-1].value
    first, last = (counted[0], counted[-1]) if differ else (None, None)
    zeros, has_kept = len(ranked) - len(counted), any(line.chosen.kept for line in lines)
    return Spread(first, None if zeros or has_kept else last, zeros)


def _marks(drawn: hexmap.HexMap, chosen: Reading, bounds: Sequence[float]) -> list[Mark]:
    marks = []
    for tile in drawn.tiles:
        cell = chosen.cells.get(tile.area.id, NOTHING)
        marks.append(Mark(tile, cell, _look(cell, chosen.compared(cell), bounds)))
    return marks


def _look(cell: Cell, value: float | None, bounds: Sequence[float]) -> str:
    if cell.kept:
        return "small"
    if value is None:
        return "none"
    return str(hexmap.step_of(value, bounds)) if value else "zero"


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _rate(value: float) -> str:
    return f"{value:,.{figures.rate_places(value)}f}"


def map_of(chosen: Reading, areas: Areas) -> dict[str, Any]:
    """What the map draws: tiles of the areas that can be compared, colours, and their legend."""
    drawn = hexmap.lay_out([part for part in areas.parts if not part.is_apart])
    tiles = {tile.area.id for tile in drawn.tiles}
    values = [chosen.compared(cell) for key, cell in chosen.cells.items() if key in tiles]
    shown = [value for value in values if value]
    bounds = hexmap.cuts(shown)
    marks = _marks(drawn, chosen, bounds)
    is_whole = chosen.figure.kind == "count" and all(value == int(value) for value in shown)
    return {
        "map": drawn,
        "marks": marks,
        "legend": hexmap.legend(bounds, _rate if chosen.is_rated else _number, is_whole=is_whole),
        "gaps": sum(mark.look == "none" for mark in marks),
        "has_zeros": any(mark.look == "zero" for mark in marks),
        "has_kept": any(cell.kept for cell in chosen.cells.values()),
        "undrawn": len(areas.parts) - len(tiles),
    }


def file_of(readings: Sequence[Reading], lines: Sequence[Line]) -> tuple[list[Any], list[list[Any]]]:
    """Header and rows: for each figure its number and what it is a share of, then what each is for a hundred of its
    base, then what the row is, then those bases. Kept-back cells are words, missing ones empty."""
    header: list[Any] = [_("Organisation")]
    for reading in readings:
        header += [reading.figure.label, *([reading.figure.base_label] if reading.figure.kind == "share" else [])]
    header += [_rate_label(reading) for reading in readings if reading.is_rated]
    header.append(pgettext("area", "Kind"))
    header += [_base_label(reading) for reading in readings if reading.is_by_heads]
    return header, [_row(line) for line in lines]


def _rate_label(reading: Reading) -> str:
    words = {"doctors": _("per 100 doctors"), "people": _("per 100 people"), "base": "%"}[reading.figure.per]
    return f"{reading.figure.label}, {words}"


def _base_label(reading: Reading) -> str:
    words = {"doctors": pgettext("number", "doctors"), "people": pgettext("number", "people")}[reading.figure.per]
    return f"{reading.figure.label}, {words}"


def _row(line: Line) -> list[Any]:
    row: list[Any] = [line.area.name]
    for reading, cell in line.cells:
        row.append(_written(cell, cell.shown))
        if reading.figure.kind == "share":
            row.append(_written(cell, cell.amount.base))
    row += [_written(cell, cell.rate) for reading, cell in line.cells if reading.is_rated]
    row.append(_("hospital of the authority") if line.is_apart else pgettext("kind", "area"))
    return row + [_written(cell, cell.base or None) for reading, cell in line.cells if reading.is_by_heads]


def _written(cell: Cell, value: float | None) -> Any:
    words = {"small": "<5", "withheld": _("withheld")}.get(cell.kept)
    return words or ("" if value is None else value)
