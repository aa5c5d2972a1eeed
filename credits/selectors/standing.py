"""How the people who work in an area now stand against what their credit year asks: by organisation, and who is short.

The database adds up: what is read is a line for each organisation, and of the people only those that are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from posixpath import commonpath
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Round

from core.actor import Actor
from credits.models import CreditEntry, Cycle, Requirement
from credits.selectors.years import CreditYear, all_schemes, nearest, paths_inside, year_on, years_of_scheme
from directory import api as directory

NUMBER = DecimalField(max_digits=12, decimal_places=2)
ZERO = Value(Decimal(0), NUMBER)
CENT = Decimal("0.01")
COLUMNS = (
    *("pk", "name", "name_en", "job_title", "place_name", "place_name_en", "place_path"),
    *("held_credits", "held_hours", "missing_credits", "missing_hours"),
)
BATCH = 2000  # lines of a file that are in memory at once


@dataclass(frozen=True, slots=True)
class Short:
    """One person who has not met the year's requirement yet."""

    person_id: UUID
    name: str
    name_en: str
    title: str
    organisation: str
    organisation_en: str
    organisation_path: str
    credits: Decimal
    hours: Decimal
    missing_credits: Decimal
    missing_hours: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """One organisation: how many of the people who work there now have met the requirement, wherever they earned it."""

    id: UUID
    name: str
    name_en: str
    people: int
    met: int
    level: int

    @property
    def short(self) -> int:
        return self.people - self.met

    @property
    def share(self) -> float:
        """How many of a hundred have met it: what makes a big and a small organisation comparable."""
        return round(100 * self.met / self.people, 1) if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Others:
    """What a short table leaves out, so that its rows and this add up to its foot."""

    organisations: int
    people: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The area's people against the year's requirement. `places` has those with most people short first."""

    year: CreditYear
    people: int
    met: int
    places: list[Place]

    def others(self, shown: int) -> Others:
        """Beyond the first `shown` places."""
        return Others(len(self.places[shown:]), sum(place.people for place in self.places[shown:]))

    @property
    def cycle(self) -> Cycle | None:
        return self.year.cycle

    @property
    def short(self) -> int:
        return self.people - self.met

    @property
    def share(self) -> float:
        """How many of a hundred have met it."""
        return round(100 * self.met / self.people, 1) if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Area:
    """Who works in the actor's subtree, or the part asked for, and the credit year that one scheme gives them.

    An area is measured by the scheme that covers it; organisations inside with a scheme of their own are left to that.
    """

    people: QuerySet[Any]
    year: CreditYear


def area(actor: Actor, permission: str, organisation: str, day: date) -> Area:
    """In the credit year that `day` belongs to."""
    schemes = all_schemes()
    above = _above(actor, permission, organisation) if any(scheme.path for scheme in schemes) else ""
    scheme = nearest(schemes, above)
    people: QuerySet[Any] = directory.people_working_in(directory.houses_chosen(actor, permission, organisation))
    for path in paths_inside(schemes, scheme):
        people = people.exclude(place_path__startswith=path)
    return Area(people, year_on(years_of_scheme(scheme), day))


def _above(actor: Actor, permission: str, organisation: str) -> str:
    """The path of what stands at or above all that was chosen."""
    chosen = directory.organisations_chosen(actor, permission, organisation).order_by()
    ends = chosen.aggregate(first=Min("path"), last=Max("path"))
    return commonpath([ends["first"] or "", ends["last"] or ""]) + "/"


def standing(actor: Actor, permission: str, organisation: str, day: date) -> Standing:
    """How the area's people stand in the credit year of `day`. Two queries for any number of people."""
    found = area(actor, permission, organisation, day)
    asked = found.year.requirement
    if asked is None:
        return Standing(found.year, found.people.count(), 0, [])
    rows = found.people.values("place", "place_name", "place_name_en", "place_level").order_by()
    counted = rows.annotate(n=Count("pk"), met=Count("pk", filter=_has_met(found.year, asked)))
    places = [
        Place(pk, name, name_en or name, people, met, level)
        for pk, name, name_en, level, people, met in counted.values_list(
            "place", "place_name", "place_name_en", "place_level", "n", "met"
        )
    ]
    places.sort(key=lambda place: (-place.short, place.name))
    return Standing(found.year, sum(place.people for place in places), sum(place.met for place in places), places)


def short_people(actor: Actor, permission: str, organisation: str, day: date) -> QuerySet[Any]:
    """Those who are short, the most hours first, as rows for `shown`; a page of it costs what the page shows."""
    found = area(actor, permission, organisation, day)
    asked = found.year.requirement
    if asked is None:
        return found.people.none()
    rows = found.people.filter(~_has_met(found.year, asked)).annotate(
        held_credits=_held(found.year, "credits"), held_hours=_held(found.year, "hours")
    )
    rows = rows.annotate(missing_credits=_missing(asked.credits, "held_credits"))
    rows = rows.annotate(missing_hours=_missing(asked.hours, "held_hours"))
    return rows.order_by("-missing_hours", "-missing_credits", "name", "pk").values(*COLUMNS)


def shown(row: dict[str, Any]) -> Short:
    """One row of `short_people`."""
    person_id, name, name_en, title, place, place_en, path, *numbers = (row[column] for column in COLUMNS)
    return Short(person_id, name, name_en, title, place, place_en or place, path, *(n.quantize(CENT) for n in numbers))


def each_short(rows: QuerySet[Any]) -> Iterator[Short]:
    """All of them, for a file that is sent while it is read."""
    return (shown(row) for row in rows.iterator(chunk_size=BATCH))


def short_among(
    actor: Actor, permission: str, organisation: str, day: date, person_ids: Collection[UUID]
) -> list[Short]:
    """Those of these people whom `short_people` names."""
    rows = short_people(actor, permission, organisation, day).filter(pk__in=person_ids)
    return [shown(row) for row in rows]


def _lines(year: CreditYear) -> QuerySet[Any]:
    """The year's lines of one person of an outer query, to be added up."""
    lines = CreditEntry.unscoped.filter(person=OuterRef("pk"), earned_on__range=year.days)
    return lines.order_by().values("person")


def _sum(column: str) -> Round:
    """Hundredths: SQLite adds decimals as floats."""
    return Round(Sum(column), precision=2, output_field=NUMBER)


def _has_met(year: CreditYear, asked: Requirement) -> Exists | Q:
    """Credits and hours both. Nobody needs a line where nothing is asked for."""
    sums = _lines(year).annotate(sum_credits=_sum("credits"), sum_hours=_sum("hours"))
    met = Exists(sums.filter(sum_credits__gte=asked.credits, sum_hours__gte=asked.hours))
    return met if asked.credits or asked.hours else Q(pk__isnull=False)


def _held(year: CreditYear, column: str) -> Coalesce:
    found = Subquery(_lines(year).annotate(held=_sum(column)).values("held"), output_field=NUMBER)
    return Coalesce(found, ZERO)


def _missing(asked: Decimal, held: str) -> Greatest:
    return Greatest(Value(asked, NUMBER) - F(held), ZERO, output_field=NUMBER)
