"""Answer a unit's questions: start an attempt, keep what was answered so far, submit it, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessment import api as assessment
from assessment.contracts import QuestionVersionFacts
from cms import api as cms
from core import audit
from core.actor import Actor
from core.errors import Text
from core.ids import uuid7
from core.ui.tags.times import written
from lms import grading, selectors
from lms.chances import Chances
from lms.errors import (
    AlreadyPassed,
    AnsweredElsewhere,
    AnswersUnreadable,
    AttemptEnded,
    AttemptNotFound,
    HandedInBehind,
    NoAttemptNow,
    NothingToAnswer,
    NotReady,
    QuestionsUnanswered,
)
from lms.merging import Merged, merge
from lms.models import Attempt, Enrolment, Response
from lms.services.completing import complete_if_passed
from lms.services.enrolling import locked
from lms.services.learning import mark_done, start, unit_of
from lms.states import ENROLMENT

ZERO = Decimal(0)

#: Node key, the version it was asked in, what was answered.
Given = list[tuple[str, QuestionVersionFacts, dict[str, Any]]]


@transaction.atomic
def start_attempt(
    *, actor: Actor, enrolment_id: UUID, unit_number: int, now: datetime, attempt_id: UUID | None = None
) -> UUID:
    """A new attempt at a unit's questions, or the one that is still open; returns its id.

    `attempt_id` is the form's key. Raises EnrolmentNotFound, UnitNotFound, NothingToAnswer, AlreadyPassed,
    NoAttemptNow, WrongState for an enrolment that is not open, AttemptNotFound when the key belongs to somebody else.
    """
    row = locked(actor, enrolment_id)
    edition, voids = cms.get_edition(row.edition_id), cms.get_overlay(row.edition_id).voids
    unit = unit_of(edition, unit_number)
    _require_open(row)
    if not grading.questions(unit, voids):
        raise NothingToAnswer
    mine = row.attempts.filter(unit_key=unit.key)
    if attempt_id is not None and Attempt.objects.filter(pk=attempt_id).exists():
        if not mine.filter(pk=attempt_id).exists():
            raise AttemptNotFound
        return attempt_id
    held = mine.filter(submitted_at__isnull=True).first()
    if held is not None:
        return held.pk
    _require_chance(selectors.chances_at(row, edition, unit), now)
    start(row)
    return Attempt.objects.create(
        id=attempt_id or uuid7(), enrolment=row, unit_key=unit.key, number=mine.count() + 1, started_at=now
    ).pk


def keep_answers(
    *, actor: Actor, enrolment_id: UUID, attempt_id: UUID, answers: Mapping[str, Any], now: datetime
) -> Merged:
    """Keep what was answered so far, so that a page that is lost loses nothing; returns how it was merged.

    The posted `answers` replace what was kept before, but for what another window answered since (`lms.merging`).
    Nothing is scored, and nothing counts until it is submitted. Raises AttemptNotFound, EnrolmentNotFound,
    AttemptEnded, WrongState for an enrolment that is not open; AnsweredElsewhere for questions that both
    answered: the rest is kept.
    """
    with transaction.atomic():
        row = locked(actor, enrolment_id)
        attempt = selectors.attempt_for(actor, enrolment_id, attempt_id)
        if attempt.submitted_at is not None:
            raise AttemptEnded
        _require_open(row)
        merged = _merged(attempt, _read(row, attempt, answers), answers)
        _keep(attempt, merged, now)
    if merged.moved:
        raise AnsweredElsewhere(fields=_newer(merged.moved))
    return merged


def submit_attempt(
    *,
    actor: Actor,
    enrolment_id: UUID,
    attempt_id: UUID,
    answers: Mapping[str, Any],
    now: datetime,
    accepts_blanks: bool = True,
) -> Attempt:
    """Score the posted `answers` (fields named after each node's key) and close the attempt.

    Submitted twice, the second one changes nothing and returns what the first one earned. A submitted attempt makes
    its questions done, whatever it earned; it may pass the course. After the course was passed it is scored and counts
    no more. Raises AttemptNotFound, EnrolmentNotFound, WrongState for an enrolment that is not open; AnswersUnreadable
    and, unless `accepts_blanks`, QuestionsUnanswered: then the answers are kept and the attempt is still open;
    HandedInBehind when another window has newer answers than this page shows: they stand, and it is still open.
    """
    with transaction.atomic():
        row = locked(actor, enrolment_id)
        attempt = selectors.attempt_for(actor, enrolment_id, attempt_id)
        if attempt.submitted_at is not None:
            return attempt
        _require_open(row)
        given = _read(row, attempt, answers)
        merged = _merged(attempt, given, answers)
        newer = merged.moved + merged.behind
        refusal = HandedInBehind(fields=_newer(newer)) if newer else _refusal(given, accepts_blanks)
        if refusal is None:
            return _close(actor, row, attempt, given, now)
        _keep(attempt, merged, now)
    raise refusal


def _close(actor: Actor, row: Enrolment, attempt: Attempt, given: Given, now: datetime) -> Attempt:
    edition, voids = cms.get_edition(row.edition_id), cms.get_overlay(row.edition_id).voids
    responses = _scored(attempt, given)
    Response.objects.bulk_create(responses)
    attempt.points = sum((r.points for r in responses), ZERO)
    attempt.max_points = sum((r.max_points for r in responses), ZERO)
    attempt.submitted_at = now
    attempt.kept = attempt.kept_by = attempt.kept_at = None
    attempt.save(update_fields=["points", "max_points", "submitted_at", "kept", "kept_by", "kept_at"])
    mark_done(row, edition, [node_key for node_key, _version, _response in given], voids, now)
    audit.record(
        action="attempt.submitted",
        actor=actor,
        subject_type="attempt",
        subject_id=attempt.pk,
        organisation_path=row.organisation.path if row.organisation else "",
        details={"points": str(attempt.points), "of": str(attempt.max_points)},
        now=now,
    )
    complete_if_passed(actor=actor, enrolment=row, edition=edition, voids=voids, now=now)
    return attempt


def _require_open(enrolment: Enrolment) -> None:
    """Somebody who left, failed or came too late answers nothing. Raises WrongState."""
    if enrolment.state != "passed":
        ENROLMENT.check(enrolment.state, "pass")


def _require_chance(chances: Chances, now: datetime) -> None:
    if chances.is_passed:
        raise AlreadyPassed
    if (opens_at := chances.opens_at) and chances.is_waiting(now):
        raise NoAttemptNow(opens_at=written(opens_at))


def _read(row: Enrolment, attempt: Attempt, answers: Mapping[str, Any]) -> Given:
    """What was answered to each question of the attempt's unit that still stands, in order."""
    edition, voids = cms.get_edition(row.edition_id), cms.get_overlay(row.edition_id).voids
    unit = edition.unit(attempt.unit_key)
    nodes = grading.questions(unit, voids) if unit else []
    versions = assessment.get_question_versions(UUID(node.reference) for node in nodes)
    read = []
    for node in nodes:
        version = versions[UUID(node.reference)]
        read.append((node.key, version, assessment.read_response(version, answers, node.key)))
    return read


def _merged(attempt: Attempt, given: Given, answers: Mapping[str, Any]) -> Merged:
    mine = {node_key: response for node_key, _version, response in given}
    return merge(mine, attempt.kept or {}, attempt.kept_by or {}, answers)


def _keep(attempt: Attempt, merged: Merged, now: datetime) -> None:
    attempt.kept = {node_key: response for node_key, response in merged.responses.items() if response}
    attempt.kept_by = merged.writers
    attempt.kept_at = now
    attempt.save(update_fields=["kept", "kept_by", "kept_at"])


def _newer(keys: list[str]) -> dict[str, list[Text]]:
    said: list[Text] = [_("Answered differently in another window since. This is the newer answer.")]
    return dict.fromkeys(keys, said)


def _refusal(given: Given, accepts_blanks: bool) -> NotReady | None:
    """Why the answers are not handed in yet, if they are not: first what cannot be read, then what is empty."""
    unreadable: dict[str, list[Text]] = {}
    blank: dict[str, list[Text]] = {}
    for node_key, version, response in given:
        fault = assessment.fault_of(version, response)
        if fault:
            unreadable[node_key] = [fault]
        elif not assessment.is_complete(version, response):
            blank[node_key] = [_("Not answered yet.")]
    if unreadable:
        return AnswersUnreadable(fields=unreadable | blank)
    return QuestionsUnanswered(fields=blank) if blank and not accepts_blanks else None


def _scored(attempt: Attempt, given: Given) -> list[Response]:
    responses = []
    for node_key, version, response in given:
        score = assessment.score(version, response)
        responses.append(
            Response(
                attempt=attempt,
                node_key=node_key,
                version_id=version.id,
                response=response,
                points=score.points,
                max_points=score.max_points,
            )
        )
    return responses
