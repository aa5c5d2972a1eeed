"""One course counts once: in a credit year, or at all where the scheme says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from credits import rules
from credits.models import Certificate, CreditEntry, Cycle, SchemeVersion
from credits.services.activities import version_in_force
from lms.contracts import CompletionFacts


@dataclass(frozen=True, slots=True)
class Repetition:
    """`held` is the line by which the course counts already; without one, `counts_as` is what a new line is kept by."""

    held: CreditEntry | None
    counts_as: str


def _year_of(version: SchemeVersion, day: date) -> tuple[int, date, date]:
    """The credit year of a day with its first and last day; the calendar year where the version has no cycle for it."""
    cycle = Cycle.objects.filter(scheme_version=version, starts_on__lte=day, ends_on__gte=day).first()
    if cycle is None:
        return day.year, date(day.year, 1, 1), date(day.year, 12, 31)
    return cycle.year, cycle.starts_on, cycle.ends_on


def repetition_of(*, person_id: UUID, course_id: UUID, version: SchemeVersion, day: date) -> Repetition:
    """How the course stands in the person's ledger on that day. Editions of one course are one course, and lines that
    were entered before lines carried `counts_as` count as well.
    """
    lines = CreditEntry.unscoped.filter(
        person_id=person_id, activity__course_id=course_id, reverses__isnull=True
    ).select_related("activity", "organisation")
    if not rules.counts_once_ever(version.rules):
        _year, first, last = _year_of(version, day)
        lines = lines.filter(earned_on__range=(first, last))
    held = lines.filter(reversed_by__isnull=True).order_by("entered_at", "id").first()
    return Repetition(held, counts_as(course_id, version, day, before=lines.count()))


def counts_as(course_id: UUID, version: SchemeVersion, day: date, *, before: int = 0) -> str:
    """The key under which a line counts once; `before` lines of the course and period were entered and reversed."""
    period = "ever" if rules.counts_once_ever(version.rules) else _year_of(version, day)[0]
    return f"course:{course_id}:{period}:{before}"


def certificate_of_repetition(person_id: UUID, completion: CompletionFacts) -> Certificate | None:
    """The certificate by which the completed course counted already, from a pass of the same year before this one."""
    day = timezone.localdate(completion.completed_at)
    was_entered = CreditEntry.unscoped.filter(person=person_id, source=f"completion:{completion.id}").exists()
    version = version_in_force(day)
    if version is None or was_entered:
        return None
    held = repetition_of(person_id=person_id, course_id=completion.course_id, version=version, day=day).held
    return Certificate.unscoped.filter(entry=held).first() if held is not None else None
