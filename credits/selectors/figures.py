"""What was earned in an area and a period: a line counts where the person worked when they passed (ADR 0012).

How the people who work there now stand is `credits.selectors.standing`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from core.actor import Actor
from core.days import FIRST_DAY
from core.ui.figures import Question
from core.ui.months import each_month
from credits.models import CreditEntry
from directory import api as directory

ZERO, CENT = Decimal(0), Decimal("0.01")


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
    """What was earned from `start` to `end`, both included, in the actor's subtree or the part asked for.

    The database adds up by day, of which there are few: cutting every line's day to its month cost most of the page.
    """
    places = directory.houses_chosen(actor, permission, organisation)
    rows: QuerySet[CreditEntry] = CreditEntry.unscoped.filter(
        organisation__in=places.values("pk"), earned_on__gte=start, earned_on__lte=end
    )
    days = (
        rows.order_by()
        .values("earned_on")
        .annotate(
            credits=Sum("credits"),
            hours=Sum("hours"),
            n=Count("pk"),
            reversals=Count("pk", filter=Q(reverses__isnull=False)),
        )
    )
    found, entries, reversals = dict[date, tuple[Decimal, Decimal]](), 0, 0
    for line in days:
        month = line["earned_on"].replace(day=1)
        credits, hours = found.get(month, (ZERO, ZERO))
        found[month] = (credits + line["credits"].quantize(CENT), hours + line["hours"].quantize(CENT))
        entries, reversals = entries + line["n"], reversals + line["reversals"]
    return Ledger(
        months=[(month, *numbers) for month, numbers in each_month(start, end, found, (ZERO, ZERO))],
        credits=sum((credits for credits, _hours in found.values()), ZERO),
        hours=sum((hours for _credits, hours in found.values()), ZERO),
        entries=entries,
        reversals=reversals,
    )


def _entered(question: Question) -> QuerySet[CreditEntry]:
    places = directory.houses_chosen(question.actor, question.permission, question.organisation)
    return CreditEntry.unscoped.filter(
        organisation__in=places.values("pk"), earned_on__gte=question.start, earned_on__lte=question.end
    )


def entered_until(question: Question) -> bool:
    """Whether the area had a line of the ledger by the period's last day."""
    return _entered(replace(question, start=FIRST_DAY)).exists()


def credits_by_organisation(question: Question) -> dict[UUID, Decimal]:
    """Organisation id -> credits entered in the period, reversals taken off; only organisations with an entry."""
    rows = _entered(question).values("organisation").annotate(credits=Sum("credits")).order_by()
    return dict(rows.values_list("organisation", "credits"))


def credits_by_month(question: Question) -> list[float]:
    """Credits of each month of the period, in order; nothing where none was entered at all."""
    found: dict[date, float] = defaultdict(float)
    days = _entered(question).order_by().values("earned_on").annotate(credits=Sum("credits"))
    for day, credits in days.values_list("earned_on", "credits"):
        found[day.replace(day=1)] += float(credits)
    return [round(credits, 2) for _month, credits in each_month(question.start, question.end, found, 0.0)]
