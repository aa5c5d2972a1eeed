"""Whoever has seen the right answers earns nothing with them: two tabs, a course that is passed meanwhile, voids."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.api import create_question
from cms import api as cms
from cms import selectors as desk
from cms import services as courses
from cms.contracts import Edition
from cms.services import overlay as overlays
from core.errors import Conflict
from core.ids import uuid7
from lms import api, selectors
from lms.errors import AlreadyPassed
from lms.models import Attempt, Completion, Enrolment
from lms.services import enrolling, regrading
from tests.factories.courses import QUESTION, make_course, publish, put_block

pytestmark = pytest.mark.django_db
WHY = "首次医疗接触 10 分钟内完成"
SHUT = "这次测验还有一次作答未交卷：交卷后显示正确答案和解析。"


@pytest.fixture
def edition(world, now) -> Edition:
    """Two units: the first with two questions of two points, the second with three; 60 % pass."""
    then = now - timedelta(days=20)
    course = make_course(world.author, world.hospital.pk, then, code="CARD-104")
    second = courses.add_unit(actor=world.author, course_id=course.pk, key=uuid7(), title="复习", minutes=10, now=then)
    for unit_id in (desk.units_of(course)[0].pk, second, second, second):
        version = create_question(
            actor=world.author, organisation_id=world.hospital.pk, kind="single", content=QUESTION, now=then
        )
        put_block(world.author, course, "quiz", {"reference": str(version)}, then, unit_id=unit_id)
    return cms.get_edition(publish(course, world.author, world.reviewers, world.editor, then))


@pytest.fixture
def course(edition, actor, now) -> UUID:
    return enrolling.enrol(actor=actor, edition_id=edition.id, now=now, enrolment_id=uuid7())


def start(actor, course: UUID, number: int, now: datetime) -> UUID:
    return api.start_attempt(actor=actor, enrolment_id=course, unit_number=number, now=now)


def answers(edition: Edition, number: int, letters: str) -> QueryDict:
    """One letter for each question of the unit, in order; "-" leaves it blank."""
    nodes = [node for node in edition.units[number - 1].nodes if node.is_scored]
    given = QueryDict(mutable=True)
    given.update({f"{node.key}-answer": letter for node, letter in zip(nodes, letters, strict=True) if letter != "-"})
    return given


def hand_in(actor, course: UUID, edition: Edition, number: int, letters: str, now: datetime) -> Attempt:
    attempt_id = start(actor, course, number, now)
    return api.submit_attempt(
        actor=actor,
        enrolment_id=course,
        attempt_id=attempt_id,
        answers=answers(edition, number, letters),
        now=now,
    )


def read(actor, course: UUID, now: datetime) -> None:
    for number in (1, 2):
        api.complete_unit(actor=actor, enrolment_id=course, unit_number=number, now=now)


def void(edition: Edition, place: int, now: datetime) -> None:
    overlays.void_in_overlay(reference=edition.scored_nodes[place].reference, reason="withdrawn", now=now)


def page(browser: Client, course: UUID, attempt_id: UUID) -> str:
    return browser.get(reverse("lms:attempt", args=[course, attempt_id])).content.decode()


def test_an_attempt_left_open_in_another_tab_earns_nothing_once_the_course_is_passed(
    browser, edition, actor, course, now
):
    # given a first attempt for nothing, and a second one left open in another tab
    read(actor, course, now)
    first = hand_in(actor, course, edition, 1, "--", now)
    opened = start(actor, course, 1, now)

    # when the rest passes the course
    hand_in(actor, course, edition, 2, "bbb", now + timedelta(minutes=1))
    assert Completion.objects.get().score == Decimal("60.00")

    # then the first attempt's page keeps the answers shut, and so does the unit's
    assert WHY not in page(browser, course, first.pk)
    assert SHUT in page(browser, course, first.pk)
    assert SHUT in browser.get(reverse("lms:unit", args=[course, 1])).content.decode()

    # when the open one is handed in, all right
    late = now + timedelta(minutes=2)
    api.submit_attempt(actor=actor, enrolment_id=course, attempt_id=opened, answers=answers(edition, 1, "bb"), now=late)
    result = page(browser, course, opened)

    # then it is kept and scored, says in one sentence that it counts no more, and the answers are open
    assert "课程通过之后才交卷：已评分并保留，但不再计入成绩。" in result
    assert "得 4 分，满分 4 分" in result
    assert WHY in result
    assert WHY in page(browser, course, first.pk)
    assert [r.response for r in Attempt.objects.get(pk=opened).responses.all()] == [{"choice": "b"}] * 2
    # and nothing rose
    assert Completion.objects.get().score == Decimal("60.00")
    shown = browser.get(reverse("lms:course", args=[course])).content.decode()
    assert "为 60%。" in shown
    regrading.regrade(enrolment_id=course, now=now + timedelta(hours=1))
    assert Completion.objects.get().score == Decimal("60.00")


def test_a_void_that_lifts_an_earlier_attempt_keeps_the_answers_shut_while_another_is_open(
    browser, edition, actor, course, now
):
    # given half of the points, and a second attempt open
    first = hand_in(actor, course, edition, 1, "ba", now)
    opened = start(actor, course, 1, now)

    # when the question that was wrong is withdrawn
    void(edition, 1, now)
    regrading.regrade(enrolment_id=course, now=now)

    # then the first attempt passes, without a right answer, and what is still open may be handed in and counts
    shown = page(browser, course, first.pk)
    assert "得 2 分，满分 2 分" in shown
    assert "<h1>本次已通过</h1>" in shown
    assert SHUT in shown
    assert WHY not in shown
    browser.post(reverse("lms:attempt", args=[course, opened]), {"accepts_blanks": "yes"})
    assert WHY in page(browser, course, first.pk)
    with pytest.raises(AlreadyPassed):
        start(actor, course, 1, now + timedelta(days=2))
    assert Attempt.objects.count() == 2


def test_a_void_takes_no_passed_test_back(browser, edition, actor, course, now):
    # given a unit that is passed, its answers open
    first = hand_in(actor, course, edition, 1, "bb", now)
    second = hand_in(actor, course, edition, 2, "bba", now)
    assert WHY in page(browser, course, second.pk)

    # when what was right is withdrawn, so that of the rest one of two is right: 50 %
    void(edition, 2, now)
    regrading.regrade(enrolment_id=course, now=now)

    # then the answers that were seen earn nothing: the test is still passed, at the share it had
    with pytest.raises(AlreadyPassed):
        start(actor, course, 2, now)
    assert WHY in page(browser, course, second.pk)
    row = Enrolment.unscoped.get(pk=course)
    score = selectors.earned_by_unit(row.pk)
    assert {key: [e.points for e in earned] for key, earned in score.items()} == {
        edition.units[0].key: [first.points],
        edition.units[1].key: [second.points],
    }
    read(actor, course, now)
    assert Completion.objects.get().score == Decimal("83.33")  # 4 of 4, and two thirds of 4


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("start"), st.integers(1, 2), st.just("")),
        st.tuples(st.just("hand in"), st.integers(1, 2), st.sampled_from(["a", "b", "ab", "-"])),
        st.tuples(st.just("read"), st.integers(1, 2), st.just("")),
        st.tuples(st.just("void"), st.integers(0, 4), st.just("")),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_whatever_happens_nothing_is_earned_once_the_answers_were_open(edition, actor, now, steps):
    with transaction.atomic():
        course = enrolling.enrol(actor=actor, edition_id=edition.id, now=now, enrolment_id=uuid7())
        seen: dict[str, Any] = {}
        for minute, step in enumerate(steps, 1):
            _do(step, actor, course, edition, now + timedelta(minutes=minute))
            _judge(course, edition, seen)
        transaction.set_rollback(True)


def _do(step: tuple[str, int, str], actor, course: UUID, edition: Edition, now: datetime) -> None:
    verb, number, letters = step
    if verb == "read":
        api.complete_unit(actor=actor, enrolment_id=course, unit_number=number, now=now)
    elif verb == "void":
        void(edition, number, now)
        regrading.regrade(enrolment_id=course, now=now)
    elif verb == "start":
        _started(actor, course, number, now)
    elif (attempt_id := _started(actor, course, number, now)) is not None:
        given = (letters * 3)[: 1 + number]
        api.submit_attempt(
            actor=actor,
            enrolment_id=course,
            attempt_id=attempt_id,
            answers=answers(edition, number, given),
            now=now,
        )


def _started(actor, course: UUID, number: int, now: datetime) -> UUID | None:
    try:
        return start(actor, course, number, now)
    except Conflict:
        return (
            Attempt.objects.filter(enrolment=course, unit_key=_key(course, number), submitted_at__isnull=True)
            .values_list("pk", flat=True)
            .first()
        )


def _key(course: UUID, number: int) -> str:
    return cms.get_edition(Enrolment.unscoped.get(pk=course).edition_id).units[number - 1].key


def _judge(course: UUID, edition: Edition, seen: dict[str, Any]) -> None:
    """What counts of a unit is the same set of attempts ever after its answers were open, and open they stay."""
    row = Enrolment.unscoped.get(pk=course)
    earned = selectors.earned_by_unit(course)
    for unit in edition.units:
        shows = selectors.chances_at(row, edition, unit).shows_key
        counted = [e.by_node for e in earned.get(unit.key, ())]
        if unit.key in seen:
            assert (shows, counted) == (True, seen[unit.key])
        elif shows:
            seen[unit.key] = counted
