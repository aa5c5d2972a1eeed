"""Which scheme covers whom, which version is in force on a day, and which days a credit year has.

A scheme covers its organisation and everything below; of several, the nearest counts. One without an organisation
covers whoever no other covers. Its credit years have the days of their cycles, which need not be those of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from credits.models import Cycle, Requirement, Scheme, SchemeVersion
from directory import api as directory


@dataclass(frozen=True, slots=True)
class CreditYear:
    """From `starts_on` to `ends_on`, both included; `year` is its name. Without a cycle it is the calendar year.

    In the year in which a new version changes the dates, it lasts from the old cycle's first day to the new one's last,
    so that no day falls between two years.
    """

    year: int
    starts_on: date
    ends_on: date
    cycle: Cycle | None = None

    @property
    def days(self) -> tuple[date, date]:
        """Both included, for `__range`."""
        return self.starts_on, self.ends_on

    @property
    def is_calendar(self) -> bool:
        return self.days == (date(self.year, 1, 1), date(self.year, 12, 31))

    @property
    def requirement(self) -> Requirement | None:
        return self.cycle.requirement if self.cycle else None


def all_schemes() -> list[Scheme]:
    """There are few: one query for whatever is asked of them."""
    return list(Scheme.objects.select_related("organisation").order_by("code"))


def nearest(schemes: list[Scheme], path: str) -> Scheme | None:
    """The scheme of the nearest organisation at or above this path; "" is somebody without a place."""
    fitting = [scheme for scheme in schemes if path.startswith(scheme.path)]
    return max(fitting, key=lambda scheme: len(scheme.path), default=None)


def paths_inside(schemes: list[Scheme], scheme: Scheme | None) -> list[str]:
    """Where nearer schemes begin inside of what this one covers."""
    around = scheme.path if scheme else ""
    return [other.path for other in schemes if other.path.startswith(around) and other.path not in ("", around)]


def scheme_at(organisation_id: UUID | None) -> Scheme | None:
    """The scheme that covers this organisation. Raises Organisation.DoesNotExist."""
    return nearest(all_schemes(), directory.get_organisation(organisation_id).path if organisation_id else "")


def scheme_of(person_id: UUID) -> Scheme | None:
    """The scheme that covers where the person works now."""
    place = directory.primary_organisation(person_id)
    return nearest(all_schemes(), place.path if place else "")


def version_in_force(scheme: Scheme | None, day: date) -> SchemeVersion | None:
    """The scheme's newest version that had begun on `day`; None before any has, and without a scheme."""
    rows = SchemeVersion.objects.filter(scheme=scheme, valid_from__lte=day).select_related("scheme")
    return rows.order_by("-valid_from", "-number").first()


def years_of_scheme(scheme: Scheme | None) -> dict[int, CreditYear]:
    """Its credit years by name. A cycle that begins when a newer version is in force already belongs to nobody."""
    if scheme is None:
        return {}
    rows = Cycle.objects.filter(scheme_version__scheme=scheme).select_related("scheme_version__scheme", "requirement")
    cycles = list(rows.order_by("scheme_version__valid_from", "scheme_version__number"))
    begun = sorted({cycle.scheme_version.valid_from for cycle in cycles})
    found: dict[int, CreditYear] = {}
    for cycle in cycles:
        begins = cycle.scheme_version.valid_from
        following = next((day for day in begun if day > begins), date.max)
        if not begins <= cycle.ends_on or cycle.starts_on >= following:
            continue
        held = found.get(cycle.year)
        first, last = (held.starts_on, held.ends_on) if held else (cycle.starts_on, cycle.ends_on)
        found[cycle.year] = CreditYear(cycle.year, min(first, cycle.starts_on), max(last, cycle.ends_on), cycle)
    return found


def named(years: dict[int, CreditYear], year: int) -> CreditYear:
    """The year of this name."""
    return years.get(year) or CreditYear(year, date(year, 1, 1), date(year, 12, 31))


def year_on(years: dict[int, CreditYear], day: date) -> CreditYear:
    """The year that a day belongs to."""
    holding = [year for year in years.values() if year.starts_on <= day <= year.ends_on]
    return max(holding, key=lambda year: year.starts_on, default=named({}, day.year))
