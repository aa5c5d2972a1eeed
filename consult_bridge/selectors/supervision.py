"""Figures for the authorities: how many consults each organisation asked, by month and outcome. No patient data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, FilteredRelation, Max, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from consult_bridge.models import Consult, Outcome
from core.actor import Actor
from core.days import FIRST_DAY, local_midnight
from core.ui.months import each_month
from directory import api as directory

ANSWERED = ("signed", "closed")
COUNTY, TOWNSHIP = 3, 4
COLUMNS = ("asked", "answered", "declined", "in_time")
USEFUL = 4  # of 5: from here on the requester says that the opinion helped
LEAST_ANSWERED = 5  # fewer answers than this say nothing about how long one waits, and much about a patient
WAITED = ExpressionWrapper(F("signed_at") - F("submitted_at"), output_field=DurationField())


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """`waited`: the mean time to the answer; None where there are too few answers."""

    name: str
    name_en: str
    asked: int
    answered: int
    declined: int
    in_time: int
    level: int
    waited: timedelta | None


@dataclass(frozen=True, slots=True)
class HospitalRow:
    """A county hospital: what it asked in the period, and when it asked last."""

    id: UUID
    name: str
    name_en: str
    asked: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """`months` are (first day, asked, answered), without holes. `median` is how long half of the answers took at most;
    None where there are too few."""

    rows: list[OrganisationRow]
    months: list[tuple[date, int, int]]
    asked: int
    answered: int
    declined: int
    in_time: int
    median: timedelta | None

    @property
    def slowest(self) -> OrganisationRow | None:
        """The hospital that waits longest for its answers, where there are several to compare."""
        known = [row for row in self.rows if row.waited is not None]
        return max(known, key=lambda row: row.waited or timedelta(0)) if len(known) > 1 else None


def consults_by_organisation(actor: Actor, organisation: str, start: date, end: date) -> Figures:
    """Consults submitted from `start` to the end of `end`, of the actor's subtree or the part of it asked for.

    `rows` are hospitals, the province's first, as in the tree; within a level the busiest first. The sums hold township
    centres and villages, too.
    """
    rows = _consults(actor, organisation, start, end)
    counts = _by_organisation(rows)
    houses = directory.organisations_chosen(actor, "supervise.view", organisation).filter(
        pk__in=counts, level__lt=TOWNSHIP
    )
    table = [_row(o, counts[o.pk]) for o in houses]
    found = {timezone.localdate(line["month"]): (line["asked"], line["answered"]) for line in _months(rows)}
    return Figures(
        rows=sorted(table, key=lambda row: (row.level, -row.asked)),
        months=[(month, *numbers) for month, numbers in each_month(start, end, found, (0, 0))],
        median=_median(rows),
        **{name: sum(line[name] for line in counts.values()) for name in COLUMNS},
    )


def counts_of(actor: Actor, organisation: str, start: date, end: date) -> dict[UUID, dict[str, int]]:
    """Organisation id -> asked, answered, declined, in_time; only organisations that asked something. Two queries."""
    return _by_organisation(_consults(actor, organisation, start, end))


def has_asked_until(actor: Actor, organisation: str, day: date) -> bool:
    """Whether anybody of the area had asked for a consult by the end of `day`."""
    return _consults(actor, organisation, FIRST_DAY, day).exists()


def outcomes_of(actor: Actor, organisation: str, start: date, end: date) -> dict[str, int]:
    """Of the consults asked in the period: those closed with feedback, what it said, opinions signed and checked.

    `useful` is 4 or 5 of 5. One query; a consult has one feedback and one opinion that amends no other.
    """
    signed = Q(opinion__state__in=("signed", "amended"))
    conditions = {
        "closed": Q(feedback__isnull=False),
        "useful": Q(feedback__usefulness__gte=USEFUL),
        "changed": Q(feedback__outcome=Outcome.PLAN_CHANGED),
        "treated": Q(feedback__outcome=Outcome.TREATED_LOCALLY),
        "signed": signed,
        "checked": signed & Q(opinion__checked_by__isnull=False),
    }
    opinion = FilteredRelation("opinions", condition=Q(opinions__amends__isnull=True))
    rows = _consults(actor, organisation, start, end).annotate(opinion=opinion)
    return rows.aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})


def asked_by_month(actor: Actor, organisation: str, start: date, end: date) -> list[float]:
    """Consults asked in each month of the period, in order; nothing where none was asked at all."""
    rows = _consults(actor, organisation, start, end)
    found = {timezone.localdate(line["month"]): float(line["asked"]) for line in _months(rows)}
    return [asked for _month, asked in each_month(start, end, found, 0.0)]


def hospitals(actor: Actor, organisation: str, start: date, end: date) -> list[HospitalRow]:
    """The county hospitals with what they asked in the period and their last request ever; the silent longest first."""
    places = directory.organisations_chosen(actor, "supervise.view", organisation).filter(
        kind="hospital", level=COUNTY, is_active=True
    )
    within = Q(submitted_at__gte=local_midnight(start), submitted_at__lt=local_midnight(end + timedelta(days=1)))
    rows = Consult.unscoped.filter(requesting_organisation__in=places.values("pk"), submitted_at__isnull=False)
    lines = rows.values("requesting_organisation").annotate(asked=Count("pk", filter=within), last=Max("submitted_at"))
    known = {line["requesting_organisation"]: (line["asked"], line["last"]) for line in lines.order_by()}
    found = [HospitalRow(o.pk, o.name, o.name_en or o.name, *known.get(o.pk, (0, None))) for o in places]
    return sorted(found, key=lambda row: (row.last is not None, row.last, row.name))


def _consults(actor: Actor, organisation: str, start: date, end: date) -> QuerySet[Consult]:
    return Consult.unscoped.filter(
        requesting_organisation__in=directory.organisations_chosen(actor, "supervise.view", organisation).values("pk"),
        submitted_at__gte=local_midnight(start),
        submitted_at__lt=local_midnight(end + timedelta(days=1)),
    )


def _by_organisation(rows: QuerySet[Consult]) -> dict[UUID, dict[str, int]]:
    return {line["requesting_organisation"]: line for line in _counted(rows.values("requesting_organisation"))}


def _counted(rows: QuerySet) -> QuerySet:
    answered = Q(state__in=ANSWERED)
    return rows.annotate(
        asked=Count("pk"),
        answered=Count("pk", filter=answered),
        declined=Count("pk", filter=Q(state="declined")),
        in_time=Count("pk", filter=answered & Q(signed_at__lte=F("due_at"))),
        waited=Avg(WAITED, filter=answered),
    ).order_by()


def _median(rows: QuerySet[Consult]) -> timedelta | None:
    """The time of the answer in the middle, of two the shorter one. Two queries instead of every answer's time."""
    answers = rows.filter(state__in=ANSWERED, signed_at__isnull=False)
    number = answers.count()
    if number < LEAST_ANSWERED:
        return None
    times = answers.annotate(waited=WAITED).order_by("waited").values_list("waited", flat=True)
    return times[(number - 1) // 2]


def _months(rows: QuerySet) -> QuerySet:
    months = rows.annotate(month=TruncMonth("submitted_at")).values("month")
    return months.annotate(asked=Count("pk"), answered=Count("pk", filter=Q(state__in=ANSWERED))).order_by("month")


def _row(organisation, line: dict[str, Any]) -> OrganisationRow:
    return OrganisationRow(
        name=organisation.name,
        name_en=organisation.name_en or organisation.name,
        asked=line["asked"],
        answered=line["answered"],
        declined=line["declined"],
        in_time=line["in_time"],
        level=organisation.level,
        waited=line["waited"] if line["answered"] >= LEAST_ANSWERED else None,
    )
