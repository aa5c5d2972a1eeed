"""Decide whether a course is passed, and record it once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from cms.contracts import Edition
from core import audit, outbox
from core.actor import Actor
from directory import api as directory
from lms import grading, selectors
from lms.events import CompletionRecorded
from lms.models import Completion, Enrolment
from lms.states import ENROLMENT


def complete_if_passed(
    *, actor: Actor, enrolment: Enrolment, edition: Edition, voids: Collection[str], now: datetime
) -> Completion | None:
    """Record the completion when the rule of `lms.grading` is met; returns it, also when it was recorded before.

    Called inside the caller's transaction, with the enrolment locked. A score that has risen since is raised, one that
    would fall stays.
    """
    score = grading.course_score(edition, voids, selectors.earned_by_unit(enrolment.pk))
    held = selectors.completion_of_enrolment(enrolment.pk)
    if held is not None:
        if score.percent > held.score:
            held.score = score.percent
            held.save(update_fields=["score"])
        return held
    if not ENROLMENT.allows(enrolment.state, "pass"):
        return None
    if not grading.is_passed(edition, voids, enrolment.progress.done, score):
        return None
    return _record(actor, enrolment, edition, score.percent, now)


def _record(actor: Actor, enrolment: Enrolment, edition: Edition, percent: Decimal, now: datetime) -> Completion:
    """Where the person works at this moment is where the course was passed, wherever it was begun (ADR 0012)."""
    enrolment.state = ENROLMENT.check(enrolment.state, "pass")
    enrolment.finished_at = now
    enrolment.save(update_fields=["state", "finished_at"])
    place = directory.primary_organisation(enrolment.person_id) or enrolment.organisation
    completion = Completion.objects.create(
        enrolment=enrolment,
        person_id=enrolment.person_id,
        organisation=place,
        course_id=enrolment.course_id,
        edition_id=enrolment.edition_id,
        completed_at=now,
        score=percent,
    )
    audit.record(
        action="course.passed",
        actor=actor,
        subject_type="completion",
        subject_id=completion.pk,
        organisation_path=place.path if place else "",
        details={"edition": str(edition.id), "score": str(percent)},
        now=now,
    )
    outbox.publish(CompletionRecorded(completion_id=completion.pk), now=now)
    return completion
