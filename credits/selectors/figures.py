"""What was earned in an area and a period: a line counts where the person worked when they passed (ADR 0012).

How the people who work there now stand is `credits.selectors.standing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from core.actor import Actor
from core.ui.figures import Question
from core.ui.months import each_month
from credits.models import CreditEntry
from directory import api as directory

ZERO = Decimal(0)


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
