"""Two windows of one learner."""

from __future__ import annotations

from functools import partial

from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from core.ids import uuid7
from core.outbox.models import OutboxEvent
from lms.models import Attempt, Completion, Enrolment, Progress, Response
from lms.services import attempting, learning
from tests.factories.signing_in import sign_in
from tests.races.together import at_once, racing


def answer(world, letter: str) -> QueryDict:
    return QueryDict(f"{world.edition.scored_nodes[0].key}-answer={letter}")


@racing
def test_two_clicks_on_enrol_are_one_enrolment(world, learner):
    """Given two windows of one course, when both are sent at once, then both lead to the same enrolment."""
    url = reverse("lms:enrol", args=[world.edition.course_id])
    browsers = [sign_in(Client(), learner) for _window in range(2)]

    answers = at_once(
        *(partial(browser.post, url, {"form_key": str(uuid7())}) for browser in browsers),
    )

    row = Enrolment.unscoped.get()
    assert [found.status_code for found in answers] == [302, 302]
    assert {found.url for found in answers} == {answers[0].url}
    assert str(row.pk) in answers[0].url
    assert Progress.objects.count() == 1


@racing
def test_two_windows_that_begin_are_in_one_attempt(actor, enrolment_id, now):
    keys = [uuid7(), uuid7()]
    begin = partial(attempting.start_attempt, actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)

    outcomes = at_once(*(partial(begin, attempt_id=key) for key in keys))

    assert outcomes == [keys[0], keys[0]]
    assert Attempt.objects.count() == 1


@racing
def test_an_attempt_that_is_handed_in_twice_counts_once(world, actor, enrolment_id, now):
    """Given one open attempt in two windows, when both are handed in, then the first one's answers are scored."""
    call = {"actor": actor, "enrolment_id": enrolment_id, "now": now}
    attempt_id = attempting.start_attempt(unit_number=1, **call)
    hand_in = partial(attempting.submit_attempt, attempt_id=attempt_id, **call)

    outcomes = at_once(
        lambda: hand_in(answers=answer(world, "b")),
        lambda: hand_in(answers=answer(world, "a")),
    )

    assert [(found.pk, found.points) for found in outcomes] == [(attempt_id, 2), (attempt_id, 2)]
    assert Attempt.objects.get().points == 2
    assert Response.objects.count() == 1


@racing
def test_a_course_is_passed_once(world, actor, enrolment_id, now):
    call = {"actor": actor, "enrolment_id": enrolment_id, "now": now}
    learning.complete_unit(unit_number=1, **call)
    attempt_id = attempting.start_attempt(unit_number=1, **call)
    hand_in = partial(attempting.submit_attempt, attempt_id=attempt_id, answers=answer(world, "b"), **call)

    outcomes = at_once(hand_in, hand_in)

    assert [found.pk for found in outcomes] == [attempt_id, attempt_id]
    assert Completion.objects.count() == 1
    assert OutboxEvent.objects.filter(event_type__endswith="CompletionRecorded").count() == 1
