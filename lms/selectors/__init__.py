"""Reads of enrolments, progress and completions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet

from cms.contracts import Edition, EditionUnit
from core.actor import Actor
from core.days import local_midnight
from lms.chances import Chances, chances_in
from lms.contracts import CompletionFacts
from lms.errors import AttemptNotFound, CompletionNotFound, EnrolmentNotFound
from lms.grading import Earned
from lms.models import Attempt, Completion, Enrolment, Position, Response


def enrolment_for(actor: Actor, enrolment_id: UUID) -> Enrolment:
    """The actor's own enrolment with its progress. Raises EnrolmentNotFound, for somebody else's too."""
    row = Enrolment.objects.visible_to(actor).select_related("progress").filter(pk=enrolment_id).first()
    if row is None:
        raise EnrolmentNotFound
    return row


def attempt_for(actor: Actor, enrolment_id: UUID, attempt_id: UUID) -> Attempt:
    """Raises AttemptNotFound, for somebody else's too."""
    mine = Enrolment.objects.visible_to(actor).filter(pk=enrolment_id)
    row = Attempt.objects.select_related("enrolment__progress").filter(pk=attempt_id, enrolment__in=mine).first()
    if row is None:
        raise AttemptNotFound
    return row


def my_enrolments(actor: Actor) -> QuerySet[Enrolment]:
    """Newest first, without those that were left."""
    rows = Enrolment.objects.visible_to(actor).exclude(state__in=("withdrawn", "expired"))
    return rows.select_related("progress").order_by("-enrolled_at")


def last_touched(actor: Actor) -> QuerySet[Enrolment]:
    """The courses that are begun and not ended, the one that was open last first."""
    rows = my_enrolments(actor).filter(state__in=("enrolled", "in_progress"))
    return rows.order_by(F("progress__updated_at").desc(nulls_last=True), "-enrolled_at")


def numbers_by_state(actor: Actor) -> dict[str, int]:
    """How many of the actor's own enrolments stand in each state."""
    rows = my_enrolments(actor).order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)


def enrolment_in_course(actor: Actor, course_id: UUID) -> Enrolment | None:
    """The actor's newest enrolment in any edition of the course that was not left."""
    return my_enrolments(actor).filter(course_id=course_id).first()


def submitted_attempts(enrolment_id: UUID) -> list[Attempt]:
    """With their responses."""
    rows = Attempt.objects.filter(enrolment=enrolment_id, submitted_at__isnull=False)
    return list(rows.prefetch_related("responses").order_by("number"))


def attempts_at(enrolment_id: UUID, unit_key: str) -> list[Attempt]:
    """At one unit's questions, the open one among them."""
    return list(Attempt.objects.filter(enrolment=enrolment_id, unit_key=unit_key).order_by("number"))


def attempts_by_unit(enrolment_id: UUID) -> dict[str, list[Attempt]]:
    """Unit key -> the attempts at its questions, the open one among them, without what it keeps. One query."""
    result: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(enrolment=enrolment_id).defer("kept").order_by("number"):
        result[attempt.unit_key].append(attempt)
    return result


def earned_by_unit(enrolment_id: UUID) -> dict[str, list[Earned]]:
    """Unit key -> what each attempt earned that counts (`lms.chances.counts`). One query."""
    return earned_in([enrolment_id])[enrolment_id]


def earned_in(enrolment_ids: Collection[UUID]) -> dict[UUID, dict[str, list[Earned]]]:
    """`earned_by_unit` of each of these enrolments. One query for all."""
    rows = Response.objects.filter(attempt__enrolment__in=enrolment_ids, attempt__submitted_at__isnull=False).exclude(
        attempt__enrolment__state="passed", attempt__submitted_at__gt=F("attempt__enrolment__finished_at")
    )
    names = ("enrolment", "unit_key", "id", "points", "max_points", "submitted_at")
    found: dict[tuple[Any, ...], dict[str, Decimal]] = defaultdict(dict)
    for node_key, points, *attempt in rows.values_list("node_key", "points", *(f"attempt__{name}" for name in names)):
        found[tuple(attempt)][node_key] = points
    result: dict[UUID, dict[str, list[Earned]]] = {key: defaultdict(list) for key in enrolment_ids}
    for (enrolment_id, unit_key, _attempt_id, points, most, ended), by_node in found.items():
        result[enrolment_id][unit_key].append(Earned(by_node, points, most, ended))
    return result


def chances_at(enrolment: Enrolment, edition: Edition, unit: EditionUnit) -> Chances:
    """How the learner stands with a unit's questions. One query."""
    return chances_in(edition, enrolment, attempts_at(enrolment.pk, unit.key))


def positions(enrolment_id: UUID) -> dict[str, float]:
    return dict(Position.objects.filter(enrolment=enrolment_id).values_list("node_key", "seconds"))


def completion_facts(completion_id: UUID) -> CompletionFacts:
    """Raises CompletionNotFound."""
    row = Completion.objects.filter(pk=completion_id).first()
    if row is None:
        raise CompletionNotFound
    return row.facts()


def completion_of_enrolment(enrolment_id: UUID) -> Completion | None:
    return Completion.objects.filter(enrolment=enrolment_id).first()


def completion_id_of(enrolment_id: UUID) -> UUID | None:
    """None while the course is not passed."""
    return Completion.objects.filter(enrolment=enrolment_id).values_list("pk", flat=True).first()


def completions(ids: Iterable[UUID] | None = None) -> list[CompletionFacts]:
    """Completions by id, or all of them, in the order they were recorded."""
    rows = Completion.objects.order_by("completed_at", "id")
    return [row.facts() for row in (rows if ids is None else rows.filter(pk__in=list(ids)))]


def completions_since(day: date, *, after: UUID | None, limit: int) -> list[CompletionFacts]:
    """What was passed on this local day or later, at most `limit` by id; `after` is the last id of the batch before."""
    rows = Completion.objects.filter(completed_at__gte=local_midnight(day))
    rows = rows.filter(pk__gt=after) if after else rows
    return [row.facts() for row in rows.order_by("pk")[:limit]]
