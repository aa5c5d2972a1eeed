"""Figures of learning for the authorities: by month and by organisation. Counts only, nobody is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from core.actor import Actor
from core.days import FIRST_DAY, local_midnight
from core.ui.figures import Question
from core.ui.months import each_month
from directory import api as directory
from lms.models import Attempt, Completion, Enrolment

PERMISSION = "supervise.view"
SHOWN = 8


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    name: str
    name_en: str
    enrolled: int
    passed: int
    level: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`months` are (first day, enrolled, passed), without holes. `rows` are the busiest organisations, `others` how
    many are left."""

    months: list[tuple[date, int, int]]
    rows: list[OrganisationRow]
    others: int
    enrolled: int
    passed: int
    learners: int

    @property
    def busiest(self) -> tuple[date, int, int] | None:
        """The month with most enrolments."""
        return max(self.months, key=lambda month: month[1], default=None)


def _by_month(rows: QuerySet, moment: str) -> dict[date, int]:
    months = rows.annotate(month=TruncMonth(moment)).values("month").annotate(n=Count("pk")).order_by("month")
    return {timezone.localdate(line["month"]): line["n"] for line in months}


def _by_organisation(rows: QuerySet) -> dict:
    return dict(rows.values("organisation").annotate(n=Count("pk")).order_by().values_list("organisation", "n"))


def learning(actor: Actor, organisation: str, start: date, end: date, *, shown: int | None = SHOWN) -> Figures:
    """Enrolments and passes from `start` to the end of `end`, of the actor's subtree or the part asked for; the
    people of authorities are not counted, as in the credit year.

    `shown` is how many organisations become rows; None is all.
    """
    places = directory.houses_chosen(actor, PERMISSION, organisation)
    within = (local_midnight(start), local_midnight(end + timedelta(days=1)))
    enrolments = Enrolment.unscoped.filter(
        organisation__in=places.values("pk"), enrolled_at__gte=within[0], enrolled_at__lt=within[1]
    )
    passes = Completion.objects.filter(
        organisation__in=places.values("pk"), completed_at__gte=within[0], completed_at__lt=within[1]
    )
    enrolled, passed = _by_month(enrolments, "enrolled_at"), _by_month(passes, "completed_at")
    by_place, passed_at = _by_organisation(enrolments), _by_organisation(passes)
    busiest = sorted({*by_place, *passed_at}, key=lambda pk: (-by_place.get(pk, 0), str(pk)))
    names = {o.pk: o for o in places.filter(pk__in=busiest[:shown])}
    return Figures(
        months=[(m, enrolled.get(m, 0), n) for m, n in each_month(start, end, passed or dict.fromkeys(enrolled, 0), 0)],
        rows=[
            OrganisationRow(
                names[pk].name,
                names[pk].name_en or names[pk].name,
                by_place.get(pk, 0),
                passed_at.get(pk, 0),
                names[pk].level,
            )
            for pk in sorted(busiest[:shown], key=lambda pk: names[pk].level)
        ],
        others=0 if shown is None else max(0, len(busiest) - shown),
        enrolled=sum(by_place.values()),
        passed=sum(passed_at.values()),
        learners=enrolments.values("person").distinct().count(),
    )


def _passes(question: Question) -> QuerySet[Completion]:
    places = directory.houses_chosen(question.actor, question.permission, question.organisation)
    return Completion.objects.filter(
        organisation__in=places.values("pk"),
        completed_at__gte=local_midnight(question.start),
        completed_at__lt=local_midnight(question.end + timedelta(days=1)),
    )


def passed_of_enrolled(question: Question) -> tuple[int, int]:
    """Of the enrolments of the period: those that are passed by now, and all."""
    places = directory.houses_chosen(question.actor, question.permission, question.organisation)
    rows = Enrolment.unscoped.filter(
        organisation__in=places.values("pk"),
        enrolled_at__gte=local_midnight(question.start),
        enrolled_at__lt=local_midnight(question.end + timedelta(days=1)),
    )
    found = rows.aggregate(passed=Count("pk", filter=Q(state="passed")), all=Count("pk"))
    return found["passed"], found["all"]


def passed_at_once(question: Question) -> tuple[int, int]:
    """Of the courses passed in the period: those without a second attempt at any unit, and all."""
    again = Exists(Attempt.objects.filter(enrolment=OuterRef("enrolment"), number__gt=1))
    found = (
        _passes(question)
        .annotate(is_again=again)
        .aggregate(once=Count("pk", filter=Q(is_again=False)), all=Count("pk"))
    )
    return found["once"], found["all"]


def passed_until(question: Question) -> bool:
    """Whether anybody of the area had passed a course by the period's last day."""
    return _passes(replace(question, start=FIRST_DAY)).exists()


def passed_by_organisation(question: Question) -> dict[UUID, int]:
    """Organisation id -> courses its people passed in the period; only organisations with one."""
    return _by_organisation(_passes(question))


def passed_by_month(question: Question) -> list[float]:
    """Courses passed in each month of the period, in order; nothing where none was passed at all."""
    found = _by_month(_passes(question), "completed_at")
    return [float(number) for _month, number in each_month(question.start, question.end, found, 0)]
