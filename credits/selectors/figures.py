"""Who is short of credits, and how an area stands. Read for a training manager (by name) and an authority (counts)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from core.actor import Actor
from core.ui.figures import Question
from core.ui.months import each_month
from credits.models import CreditEntry, Cycle
from credits.selectors import cycle_of
from directory import api as directory

ZERO = Decimal(0)
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Short:
    """One person who has not met the year's requirement yet."""

    person_id: UUID
    name: str
    name_en: str
    title: str
    organisation: str
    organisation_en: str
    credits: Decimal
    hours: Decimal
    missing_credits: Decimal
    missing_hours: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """One organisation: how many of its people have met the requirement."""

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
class Standing:
    """The area's people against the year's requirement. `short` is sorted by what is missing, most first."""

    cycle: Cycle | None
    people: int
    met: int
    short: list[Short]
    places: list[Place]

    @property
    def share(self) -> float:
        """How many of a hundred have met it."""
        return round(100 * self.met / self.people, 1) if self.people else 0.0


def _sums(people: dict[UUID, UUID], year: int) -> dict[UUID, tuple[Decimal, Decimal]]:
    rows = CreditEntry.unscoped.filter(person__in=list(people), earned_on__year=year)
    grouped = rows.values("person").annotate(credits=Sum("credits"), hours=Sum("hours")).order_by()
    return {line["person"]: (line["credits"], line["hours"]) for line in grouped}


def standing(actor: Actor, permission: str, organisation: str, year: int) -> Standing:
    """How the people of the actor's subtree, or of the part asked for, stand in the credit year."""
    places = directory.houses_chosen(actor, permission, organisation)
    cycle, people = cycle_of(year), directory.members_of(places)
    if cycle is None:
        return Standing(None, len(people), 0, [], [])
    sums, asked = _sums(people, year), cycle.requirement
    cards, names = directory.get_people(people), {o.pk: o for o in places}
    members: dict[UUID, list[bool]] = defaultdict(list)
    short = []
    for person_id, place_id in people.items():
        credits, hours = sums.get(person_id, (ZERO, ZERO))
        missing = (max(ZERO, asked.credits - credits), max(ZERO, asked.hours - hours))
        members[place_id].append(not any(missing))
        if any(missing):
            card = cards[person_id]
            short.append(
                Short(
                    person_id,
                    card.name,
                    card.name_en,
                    card.title,
                    card.organisation_name,
                    card.organisation_name_en,
                    credits,
                    hours,
                    *missing,
                )
            )
    rows = [_place(names[pk], met) for pk, met in members.items()]
    return Standing(
        cycle=cycle,
        people=len(people),
        met=len(people) - len(short),
        short=sorted(short, key=lambda s: (-s.missing_hours, -s.missing_credits, s.name)),
        places=sorted(rows, key=lambda place: (-place.short, place.name)),
    )


def _place(organisation: Any, met: list[bool]) -> Place:
    """`met` has an entry for each of its people."""
    name_en = organisation.name_en or organisation.name
    return Place(organisation.pk, organisation.name, name_en, len(met), sum(met), organisation.level)


@dataclass(frozen=True, slots=True)
class Ledger:
    """`months` are (first day, credits, hours), reversals taken off, without holes."""

    months: list[tuple[date, Decimal, Decimal]]
    credits: Decimal
    hours: Decimal
    entries: int
    reversals: int

    @property
    def busiest(self) -> tuple[date, Decimal, Decimal] | None:
        """The month with most credits."""
        return max(self.months, key=lambda month: month[1], default=None)


def ledger(actor: Actor, permission: str, organisation: str, start: date, end: date) -> Ledger:
    """What was earned from `start` to `end`, both included, in the actor's subtree or the part asked for."""
    places = directory.houses_chosen(actor, permission, organisation)
    rows: QuerySet[CreditEntry] = CreditEntry.unscoped.filter(
        organisation__in=places.values("pk"), earned_on__gte=start, earned_on__lte=end
    )
    months = rows.annotate(month=TruncMonth("earned_on")).values("month")
    by_month = months.annotate(credits=Sum("credits"), hours=Sum("hours")).order_by("month")
    counted = rows.aggregate(
        credits=Sum("credits"),
        hours=Sum("hours"),
        n=Count("pk"),
        reversals=Count("pk", filter=Q(reverses__isnull=False)),
    )
    found = {line["month"]: (line["credits"], line["hours"]) for line in by_month}
    return Ledger(
        months=[(month, *numbers) for month, numbers in each_month(start, end, found, (ZERO, ZERO))],
        credits=counted["credits"] or ZERO,
        hours=counted["hours"] or ZERO,
        entries=counted["n"],
        reversals=counted["reversals"],
    )


def _entered(question: Question) -> QuerySet[CreditEntry]:
    places = directory.houses_chosen(question.actor, question.permission, question.organisation)
    return CreditEntry.unscoped.filter(
        organisation__in=places.values("pk"), earned_on__gte=question.start, earned_on__lte=question.end
    )


def credits_by_organisation(question: Question) -> dict[UUID, Decimal]:
    """Organisation id -> credits entered in the period, reversals taken off; only organisations with an entry."""
    rows = _entered(question).values("organisation").annotate(credits=Sum("credits")).order_by()
    return dict(rows.values_list("organisation", "credits"))


def credits_by_month(question: Question) -> list[float]:
    """Credits of each month of the period, in order; nothing where none was entered at all."""
    months = _entered(question).annotate(month=TruncMonth("earned_on")).values("month")
    rows = months.annotate(credits=Sum("credits")).order_by("month")
    found = {line["month"]: float(line["credits"]) for line in rows}
    return [credits for _month, credits in each_month(question.start, question.end, found, 0.0)]
