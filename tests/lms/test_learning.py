"""From enrolment to completion through the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict

from cms import api as cms
from cms.services import overlay as overlays
from core.actor import ANONYMOUS
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.ids import uuid7
from core.states import WrongState
from lms import api
from lms.errors import AlreadyPassed, AttemptNotFound, EnrolmentNotFound, NoAttemptNow, UnitNotFound
from lms.models import Attempt, Completion, Enrolment, Response
from lms.services import enrolling, learning, regrading
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db


def _answer(world, letter: str) -> QueryDict:
    return QueryDict(f"{world.edition.scored_nodes[0].key}-answer={letter}")


def _attempt(world, actor, enrolment_id, letter, now):
    attempt_id = api.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    return api.submit_attempt(
        actor=actor, enrolment_id=enrolment_id, attempt_id=attempt_id, answers=_answer(world, letter), now=now
    )


def test_enrolling_twice_gives_one_enrolment(world, actor, now):
    first = api.enrol(actor=actor, edition_id=world.edition.id, now=now)
    second = api.enrol(actor=actor, edition_id=world.edition.id, now=now)

    assert first == second
    row = Enrolment.unscoped.get()
    assert (row.state, row.organisation_id) == ("enrolled", world.hospital.pk)
    assert AuditEntry.objects.filter(action="enrolment.made").count() == 1


def test_a_visitor_cannot_enrol(world, now):
    with pytest.raises(Forbidden):
        api.enrol(actor=ANONYMOUS, edition_id=world.edition.id, now=now)
    assert Enrolment.unscoped.count() == 0


def test_reading_and_the_right_answer_pass_the_course_once(world, actor, enrolment_id, now):
    assert api.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now) is None
    row = Enrolment.unscoped.select_related("progress").get()
    assert (row.state, row.progress.percent) == ("in_progress", 50)

    attempt = _attempt(world, actor, enrolment_id, "b", now + timedelta(minutes=5))

    completion = Completion.objects.get()
    row = Enrolment.unscoped.select_related("progress").get()
    assert (attempt.points, attempt.max_points) == (2, 2)
    assert (row.state, row.progress.percent, completion.score) == ("passed", 100, Decimal("100.00"))
    assert completion.completed_at == now + timedelta(minutes=5)

    api.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    assert Completion.objects.count() == 1


def test_a_wrong_answer_does_not_pass_and_the_best_attempt_counts(world, actor, enrolment_id, now):
    api.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)

    wrong = _attempt(world, actor, enrolment_id, "a", now)
    assert (wrong.points, Completion.objects.count()) == (0, 0)
    right = _attempt(world, actor, enrolment_id, "b", now)

    assert (wrong.number, right.number) == (1, 2)
    assert Completion.objects.get().score == 100


def test_the_answers_are_the_learners_once_passed_and_close_the_test(world, actor, enrolment_id, now):
    # given a test that is passed, in a course that is not yet read
    _attempt(world, actor, enrolment_id, "b", now)
    assert Completion.objects.count() == 0

    # when another attempt is asked for
    with pytest.raises(AlreadyPassed):
        api.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)

    # then nothing began
    assert Attempt.objects.count() == 1


def test_three_attempts_then_one_every_day(world, actor, enrolment_id, now):
    # given three attempts that fell short
    assert world.edition.attempts_allowed == 3
    for minutes in (0, 10, 20):
        _attempt(world, actor, enrolment_id, "a", now + timedelta(minutes=minutes))

    # when the fourth is asked for within a day, it is refused with the moment that it opens
    with pytest.raises(NoAttemptNow) as refused:
        _attempt(world, actor, enrolment_id, "b", now + timedelta(hours=24, minutes=19))
    assert refused.value.params["opens_at"]
    assert Attempt.objects.count() == 3

    # then it opens, and the next one a day later again
    after = now + timedelta(hours=24, minutes=20)
    assert _attempt(world, actor, enrolment_id, "a", after).number == 4
    with pytest.raises(NoAttemptNow):
        _attempt(world, actor, enrolment_id, "b", after + timedelta(hours=23))
    assert Attempt.objects.count() == 4


@pytest.mark.parametrize("step", ["start", "submit"])
def test_somebody_who_left_answers_nothing(world, actor, enrolment_id, now, step):
    # given an attempt begun, and the course left
    submit = {"actor": actor, "enrolment_id": enrolment_id, "answers": _answer(world, "b"), "now": now}
    if step == "submit":
        attempt_id = api.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    api.withdraw(actor=actor, enrolment_id=enrolment_id, now=now)

    # when it is started or sent
    with pytest.raises(WrongState):
        if step == "start":
            api.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
        else:
            api.submit_attempt(attempt_id=attempt_id, **submit)

    # then nothing was answered
    assert Enrolment.unscoped.get().state == "withdrawn"
    assert Response.objects.count() == 0
    assert Attempt.objects.filter(submitted_at__isnull=False).count() == 0


def test_submitting_twice_scores_once(world, actor, enrolment_id, now):
    attempt_id = api.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, attempt_id=uuid7(), now=now)
    assert api.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now) == attempt_id
    submit = {"actor": actor, "enrolment_id": enrolment_id, "attempt_id": attempt_id, "now": now}

    first = api.submit_attempt(answers=_answer(world, "b"), **submit)
    second = api.submit_attempt(answers=_answer(world, "a"), **submit)

    assert first.points == second.points == 2
    assert Response.objects.count() == Attempt.objects.count() == 1


def test_somebody_elses_enrolment_and_attempt_are_not_found(world, actor, enrolment_id, now):
    attempt_id = api.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    stranger = make_actor(make_person(world.hospital), now)
    theirs = api.enrol(actor=stranger, edition_id=world.edition.id, now=now)

    with pytest.raises(EnrolmentNotFound):
        api.complete_unit(actor=stranger, enrolment_id=enrolment_id, unit_number=1, now=now)
    with pytest.raises(AttemptNotFound):
        api.submit_attempt(
            actor=stranger, enrolment_id=theirs, attempt_id=attempt_id, answers=_answer(world, "b"), now=now
        )
    with pytest.raises(AttemptNotFound):
        api.start_attempt(actor=stranger, enrolment_id=theirs, unit_number=1, attempt_id=attempt_id, now=now)
    with pytest.raises(UnitNotFound):
        api.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=2, now=now)

    assert Attempt.objects.get().submitted_at is None
    assert set(Enrolment.unscoped.get(pk=enrolment_id).progress.done) == set()


def test_leaving_keeps_what_was_done_for_the_return(world, actor, enrolment_id, now):
    api.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    api.withdraw(actor=actor, enrolment_id=enrolment_id, now=now)
    with pytest.raises(WrongState):
        api.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)

    assert api.enrol(actor=actor, edition_id=world.edition.id, now=now) == enrolment_id

    row = Enrolment.unscoped.select_related("progress").get()
    assert (row.state, row.progress.percent) == ("in_progress", 50)


def test_a_voided_question_leaves_the_denominator_and_scores_only_rise(world, actor, enrolment_id, now):
    api.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    _attempt(world, actor, enrolment_id, "a", now)
    assert Completion.objects.count() == 0

    overlays.void_in_overlay(reference=world.edition.scored_nodes[0].reference, reason="withdrawn", now=now)
    regrading.regrade(enrolment_id=enrolment_id, now=now)

    assert list(cms.get_overlay(world.edition.id).voids) == [world.edition.scored_nodes[0].key]
    assert Completion.objects.get().score == Decimal("100.00")
    regrading.regrade(enrolment_id=enrolment_id, now=now)
    assert Completion.objects.count() == 1


def test_voiding_asks_a_job_to_look_again(world, actor, enrolment_id, now, run_jobs):
    api.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    overlays.void_in_overlay(reference=world.edition.scored_nodes[0].reference, reason="withdrawn", now=now)

    run_jobs()

    assert Enrolment.unscoped.get().state == "passed"


def test_opening_a_unit_again_writes_nothing(world, actor, enrolment_id, now, django_assert_num_queries):
    from lms import selectors

    unit = world.edition.units[0]
    enrolment = selectors.enrolment_for(actor, enrolment_id)
    learning.open_unit(actor=actor, enrolment=enrolment, unit=unit, now=now)

    with django_assert_num_queries(0):
        learning.open_unit(actor=actor, enrolment=enrolment, unit=unit, now=now)

    assert selectors.enrolment_for(actor, enrolment_id).progress.last_unit == unit.key
    assert enrolling.locked(actor, enrolment_id).state == "in_progress"
