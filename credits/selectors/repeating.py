"""One course counts once: in a credit year, or at all where the scheme says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from credits import rules
from credits.models import Certificate, CreditEntry, SchemeVersion
from credits.selectors.years import scheme_at, version_in_force, year_on, years_of_scheme
from lms.contracts import CompletionFacts


@dataclass(frozen=True, slots=True)
class Repetition:
    """`held` is the line by which the course counts already; without one, `counts_as` is what a new line is kept by.

    `is_once_ever`: the scheme counts a course once, in whatever year; otherwise once in every credit year.
    """

    held: CreditEntry | None
    counts_as: str
    is_once_ever: bool


@dataclass(frozen=True, slots=True)
class CountedBefore:
    """The certificate by which a course counts already, and whether it counts once ever."""

    certificate: Certificate
    is_once_ever: bool


def repetition_of(*, person_id: UUID, course_id: UUID, version: SchemeVersion, day: date) -> Repetition:
    """How the course stands in the person's ledger on that day. Editions of one course are one course, and lines that
    were entered before lines carried `counts_as` count as well.
    """
    lines = CreditEntry.unscoped.filter(
        person_id=person_id, activity__course_id=course_id, reverses__isnull=True
    ).select_related("activity", "organisation")
    is_once_ever = rules.counts_once_ever(version.rules)
    if not is_once_ever:
        lines = lines.filter(earned_on__range=year_on(years_of_scheme(version.scheme), day).days)
    held = lines.filter(reversed_by__isnull=True).order_by("entered_at", "id").first()
    return Repetition(held, counts_as(course_id, version, day, before=lines.count()), is_once_ever)


def counts_as(course_id: UUID, version: SchemeVersion, day: date, *, before: int = 0) -> str:
    """The key under which a line counts once; `before` lines of the course and period were entered and reversed.

    A year is named by its first day: two schemes may each have a year 2026, of other days. Lines from before name it by
    its number; they are found by their course and day, as all lines are.
    """
    is_once_ever = rules.counts_once_ever(version.rules)
    period = "ever" if is_once_ever else year_on(years_of_scheme(version.scheme), day).starts_on.isoformat()
    return f"course:{course_id}:{period}:{before}"


def counted_before(person_id: UUID, completion: CompletionFacts) -> CountedBefore | None:
    """By what the completed course counted already: a pass before this one, of the same year or of any."""
    day = timezone.localdate(completion.completed_at)
    was_entered = CreditEntry.unscoped.filter(person=person_id, source=f"completion:{completion.id}").exists()
    version = version_in_force(scheme_at(completion.organisation_id), day)
    if version is None or was_entered:
        return None
    found = repetition_of(person_id=person_id, course_id=completion.course_id, version=version, day=day)
    certificate = Certificate.unscoped.filter(entry=found.held).first() if found.held is not None else None
    return CountedBefore(certificate, found.is_once_ever) if certificate is not None else None
