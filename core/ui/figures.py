"""Figures by organisation for the supervision page: owners register them, the tree's owner says which areas there are.

Core knows neither a figure nor an organisation: it adds up by area, compares with the period before, makes areas of
different size comparable, and keeps small numbers of townships back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.ui.registry import Text

TOWNSHIP = 4  # from this level down a private count under `LEAST` is not shown
LEAST = 5
PERMISSIONS = ("supervise.view", "training.manage")


@dataclass(frozen=True, slots=True)
class Amount:
    """`value` of `base`: 41 in time of 48. A count has no base."""

    value: float = 0
    base: float = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.value + other.value, self.base + other.base)


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure is asked for: the subtree `organisation` ("" is everything the actor has by `permission`), days
    from `start` to `end`, both included."""

    actor: Actor
    permission: str
    organisation: str
    start: date
    end: date

    def before(self) -> Question:
        """The same for the period of the same length just before."""
        end = self.start - timedelta(days=1)
        return Question(self.actor, self.permission, self.organisation, end - (self.end - self.start), end)


@dataclass(frozen=True, slots=True)
class Size:
    """How big an area is: `people` who work there and are on the platform, and its `doctors`. Not those of authorities.

    The doctors are those whom `reported` of its `houses` have reported as licensed. Where nobody of the installation
    has reported, there are no `houses` to ask, and the doctors are those with an account.
    """

    people: int = 0
    doctors: int = 0
    houses: int = 0
    reported: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            self.people + other.people,
            self.doctors + other.doctors,
            self.houses + other.houses,
            self.reported + other.reported,
        )

    @property
    def unreported(self) -> int:
        return self.houses - self.reported


@dataclass(frozen=True, slots=True)
class Figure:
    """`by_organisation` gives an amount for each organisation that has one, by one or two queries.

    kind: "count", or "share" (percent of the base). `months` gives the values of a sparkline. A private figure counts
    patients: small numbers of a township are kept back. `compares` is False where the period before means nothing.
    `per` is what a count is compared by: 100 doctors, 100 people, or percent of the amount's own base; "" as it is.
    `decimals` are those of a count that has parts, as credits have. `began` says whether the area asked for had any
    data of this figure by the question's last day: before its first data there is nothing to compare with.
    """

    key: str
    label: Text
    by_organisation: Callable[[Question], Mapping[UUID, Amount]]
    kind: Literal["count", "share"] = "count"
    unit: Text = ""
    base_label: Text = ""
    months: Callable[[Question], Sequence[float]] | None = None
    permissions: tuple[str, ...] = ("supervise.view",)
    order: int = 50
    is_private: bool = False
    less_is_better: bool = False
    compares: bool = True
    per: Literal["", "doctors", "people", "base"] = ""
    decimals: int = 0
    began: Callable[[Question], bool] | None = None

    @property
    def places(self) -> int:
        """How many decimals its number has, wherever it is written."""
        return 1 if self.kind == "share" else self.decimals

    def shown(self, amount: Amount) -> float | None:
        """The number on the page; None where a share has nothing to be a share of."""
        if self.kind == "count":
            return amount.value
        return round(100 * amount.value / amount.base, 1) if amount.base else None

    def weight(self, amount: Amount) -> float:
        """What must not be small: the cases behind a number."""
        return amount.base if self.kind == "share" else amount.value

    def base_of(self, amount: Amount, size: Size) -> float:
        """What a count of an area is divided by, so that a small area can stand beside a big one."""
        return {"doctors": size.doctors, "people": size.people, "base": amount.base}.get(self.per, 0)

    def rate(self, amount: Amount, size: Size) -> float | None:
        """For each hundred of the base; None where there is nobody to count by."""
        base = self.base_of(amount, size)
        return round(100 * amount.value / base, 1) if base else None


@dataclass(frozen=True, slots=True)
class Area:
    """One organisation as an area: `column` and `row` place its tile; without them it stands where there is room.

    `is_apart`: a hospital that hangs under the authority itself, as big as several of the areas it would stand among.
    """

    id: UUID
    name: str
    short_name: str
    level: int
    column: int | None = None
    row: int | None = None
    is_apart: bool = False

    @property
    def table_name(self) -> str:
        """In a list of areas with places on the map the place alone is enough. A township's area holds its villages,
        its health centre of the same name does not."""
        if self.column is not None:
            return self.short_name
        if self.level == TOWNSHIP and not self.is_apart:
            return str(_("%(place)s with its villages")) % {"place": self.short_name}
        return self.name


@dataclass(frozen=True, slots=True)
class Areas:
    """The area looked at, the way to it, its parts, and to which part each organisation of the subtree belongs.

    `here` is None for somebody with several separate areas. `is_root`: the reader's own area, not a part of it.
    `sizes_for` counts, only when it is called, who works in the parts and in the area itself, of what the reader has by
    one permission; a part outside of that is absent, and so is everything where nothing of it is in the area.
    `reporting` names, when it is called, the organisations that reported their doctors, None where nobody has: only
    what they have counts in a rate for each hundred doctors.
    """

    here: Area | None
    sizes_for: Callable[[str], Mapping[UUID, Size]]
    trail: tuple[Area, ...] = ()
    parts: tuple[Area, ...] = ()
    part_of: Mapping[UUID, UUID] = field(default_factory=dict)
    is_root: bool = True
    reporting: Callable[[], frozenset[UUID] | None] = lambda: None

    @property
    def keeps_small_back(self) -> bool:
        """Whether the parts are townships or smaller."""
        return any(part.level >= TOWNSHIP for part in self.parts)

    @property
    def is_too_small(self) -> bool:
        """A township as part of somebody's area is counted with its county only: its sum would give others away."""
        return self.here is not None and self.here.level >= TOWNSHIP and not self.is_root


#: (actor, permissions, organisation) -> its areas; None for a foreign or missing organisation.
AreaSource = Callable[[Actor, Sequence[str], str], Areas | None]

_figures: dict[str, Figure] = {}
_sources: list[AreaSource] = []


def rate_places(rate: float) -> int:
    """Decimals of a rate for each hundred: beyond a hundred they say nothing."""
    return 0 if rate >= 100 else 1


def register_figure(figure: Figure) -> None:
    """Called from `AppConfig.ready` by the room that owns the numbers."""
    _figures[figure.key] = figure


def register_areas(source: AreaSource) -> None:
    """Called by whoever owns the tree of organisations; the last one counts."""
    _sources[:] = [source]


def areas_of(actor: Actor, organisation: str) -> Areas | None:
    return _sources[0](actor, PERMISSIONS, organisation) if _sources else None


def figures_for(actor: Actor) -> list[tuple[Figure, str]]:
    """The figures this actor may read, each with the permission that gives it."""
    found = []
    for item in sorted(_figures.values(), key=lambda item: (item.order, item.key)):
        held = next((name for name in item.permissions if actor.may(name)), None)
        if held:
            found.append((item, held))
    return found


def kept_back(weights: Mapping[UUID, float]) -> dict[UUID, str]:
    """Which cells of a column are not written, and why: "small" is 1 to 4; when only one is small, the smallest other
    one is "withheld", so that no total gives it away. Zeros are written."""
    found = {key: "small" for key, value in weights.items() if 0 < value < LEAST}
    others = sorted((value, str(key), key) for key, value in weights.items() if value >= LEAST)
    if len(found) == 1 and others:
        found[others[0][2]] = "withheld"
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of one area, and the same for each hundred of its base.

    `kept` is "", "small" or "withheld"; then `shown` and `rate` are None. Both are None, too, where nobody is on the
    platform: no data, which is not a zero. The rate alone is None where nobody reported whom to count by; `counted` is
    what stands above its line: all of `amount` but what belongs to organisations that reported nothing.
    """

    amount: Amount
    shown: float | None
    kept: str = ""
    rate: float | None = None
    base: float = 0
    size: Size = Size()
    counted: Amount = Amount()


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure over the area: its total, the total before, the cells of the parts.

    `is_rated`: the areas are compared for each hundred of the base. Townships are not, they have a handful of doctors.
    `has_no_before`: the period before ended before the area's first data, so that nothing changed against it.
    """

    figure: Figure
    total: Cell
    before: float | None
    months: tuple[float, ...]
    cells: Mapping[UUID, Cell]
    is_rated: bool = False
    has_no_before: bool = False

    def compared(self, cell: Cell) -> float | None:
        """The number by which areas are ranked and coloured."""
        return cell.rate if self.is_rated else cell.shown

    @property
    def is_by_heads(self) -> bool:
        """Whether the areas are compared by their doctors or people, whose number then stands in the table."""
        return self.is_rated and self.figure.per in ("doctors", "people")

    @property
    def change(self) -> float | None:
        """Against the period before; None where that had nothing to compare with."""
        if not self.before or self.total.shown is None:
            return None
        return round(self.total.shown - self.before, 1)

    @property
    def is_better(self) -> bool:
        change = self.change or 0
        return change != 0 and (change > 0) != self.figure.less_is_better

    @property
    def is_worse(self) -> bool:
        return bool(self.change) and not self.is_better


def _sum(amounts: Iterable[Amount]) -> Amount:
    return sum(amounts, Amount())


def _of_reporting(figure: Figure, found: Mapping[UUID, Amount], areas: Areas) -> Mapping[UUID, Amount]:
    """Who reports no doctors would otherwise raise the rate of an area by what its own people ask for."""
    if figure.per != "doctors":
        return found
    reporting = areas.reporting()
    return found if reporting is None else {key: amount for key, amount in found.items() if key in reporting}


def _by_part(found: Mapping[UUID, Amount], areas: Areas) -> dict[UUID, Amount]:
    sums = {part.id: Amount() for part in areas.parts}
    for organisation_id, amount in found.items():
        part = areas.part_of.get(organisation_id)
        if part is not None:
            sums[part] = sums.get(part, Amount()) + amount
    return sums


def _cell(figure: Figure, amount: Amount, counted: Amount, size: Size, kept: str = "") -> Cell:
    """Nobody there and nothing counted is an area that is not connected, or not the reader's by this permission."""
    if kept or (not size.people and not amount.value and not amount.base):
        return Cell(amount, None, kept, size=size)
    return _compared(figure, amount, counted, size)


def _compared(figure: Figure, amount: Amount, counted: Amount, size: Size) -> Cell:
    rate, base = figure.rate(counted, size), figure.base_of(amount, size)
    return Cell(amount, figure.shown(amount), "", rate, base, size, counted)


def _total(figure: Figure, amount: Amount, counted: Amount, sizes: Mapping[UUID, Size]) -> Cell:
    """Over everything; no number at all where the reader has none of the area by the figure's permission."""
    if not sizes:
        return Cell(amount, None)
    return _compared(figure, amount, counted, sum(sizes.values(), Size()))


def _before(figure: Figure, question: Question) -> Amount | None:
    """The sum of the period before; None where the area had no data yet. Only what may be a hole is asked about: a
    sum of nothing, or of everything, as hospitals without a request are before anybody could ask."""
    amount = _sum(figure.by_organisation(question).values())
    is_hole = amount.value in (0, amount.base) and figure.began is not None and not figure.began(question)
    return None if is_hole else amount


def read(figure: Figure, question: Question, areas: Areas, sizes: Mapping[UUID, Size]) -> Reading:
    """The figure over the area and its parts, small numbers kept back; `sizes` are the permission's."""
    if figure.is_private and areas.is_too_small:
        return Reading(figure, Cell(Amount(), None, "withheld"), None, (), {})
    found = figure.by_organisation(question)
    sums = _by_part(found, areas)
    hides = figure.is_private and areas.keeps_small_back
    kept = kept_back({key: figure.weight(amount) for key, amount in sums.items()}) if hides else {}
    heard = _of_reporting(figure, found, areas)
    counted = _by_part(heard, areas)
    cells = {
        key: _cell(figure, amount, counted[key], sizes.get(key, Size()), kept.get(key, ""))
        for key, amount in sums.items()
    }
    total = _total(figure, _sum(found.values()), _sum(heard.values()), sizes)
    before = _before(figure, question.before()) if figure.compares else None
    months = tuple(figure.months(question)) if figure.months else ()
    is_rated = bool(figure.per) and not areas.keeps_small_back
    shown = figure.shown(before) if before else None
    return Reading(figure, total, shown, months, cells, is_rated, figure.compares and before is None)
