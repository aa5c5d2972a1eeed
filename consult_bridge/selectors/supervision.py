"""Figures for the authorities: how many consults each organisation asked, by month and outcome. No patient data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from consult_bridge.models import Consult
from core.actor import Actor
from directory import api as directory

DEFAULT_DAYS = 365
ANSWERED = ("signed", "closed")


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    name: str
    name_en: str
    asked: int
    answered: int
    declined: int
    in_time: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`months` are (first day, asked, answered); `silent` names hospitals that asked nothing (零申请机构)."""

    rows: list[OrganisationRow]
    months: list[tuple[date, int, int]]
    asked: int
    answered: int
    in_time: int
    silent: list[str]


def period_of(first: str, last: str, today: date) -> tuple[date, date]:
    """The dates asked for; what cannot be read becomes the last twelve months."""
    end = _day(last) or today
    start = _day(first) or end - timedelta(days=DEFAULT_DAYS)
    return (start, end) if start <= end else (end, start)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def consults_by_organisation(actor: Actor, organisation: str, start: date, end: date) -> Figures:
    """Consults submitted from `start` to the end of `end`, of the actor's subtree or the part of it asked for."""
    organisations = _organisations(actor, organisation)
    rows = Consult.unscoped.filter(
        requesting_organisation__in=organisations.values("pk"),
        submitted_at__gte=_midnight(start),
        submitted_at__lt=_midnight(end + timedelta(days=1)),
    )
    counts = {line["requesting_organisation"]: line for line in _counted(rows.values("requesting_organisation"))}
    hospitals = [o for o in organisations.filter(kind="hospital", level=3) if o.is_active]
    asking = organisations.filter(pk__in=counts)
    table = [_row(o, counts[o.pk]) for o in asking]
    return Figures(
        rows=sorted(table, key=lambda row: -row.asked),
        months=[(timezone.localdate(line["month"]), line["asked"], line["answered"]) for line in _months(rows)],
        asked=sum(row.asked for row in table),
        answered=sum(row.answered for row in table),
        in_time=sum(row.in_time for row in table),
        silent=[o.name for o in hospitals if o.pk not in counts],
    )


def _organisations(actor: Actor, wanted: str) -> QuerySet:
    visible = directory.organisations_visible(actor, "supervise.view")
    try:
        chosen = visible.filter(pk=UUID(wanted)).first()
    except ValueError:
        return visible
    return visible.filter(path__startswith=chosen.path) if chosen else visible.none()


def _counted(rows: QuerySet) -> QuerySet:
    answered = Q(state__in=ANSWERED)
    return rows.annotate(
        asked=Count("pk"),
        answered=Count("pk", filter=answered),
        declined=Count("pk", filter=Q(state="declined")),
        in_time=Count("pk", filter=answered & Q(signed_at__lte=F("due_at"))),
    ).order_by()


def _months(rows: QuerySet) -> QuerySet:
    months = rows.annotate(month=TruncMonth("submitted_at")).values("month")
    return months.annotate(asked=Count("pk"), answered=Count("pk", filter=Q(state__in=ANSWERED))).order_by("month")


def _row(organisation, line: dict[str, int]) -> OrganisationRow:
    return OrganisationRow(
        name=organisation.name,
        name_en=organisation.name_en or organisation.name,
        asked=line["asked"],
        answered=line["answered"],
        declined=line["declined"],
        in_time=line["in_time"],
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
