"""One attempt open in two windows: nothing newer is overwritten, and nobody is left without a word; over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from assessment.api import create_question
from assessment.kinds.base import printed_key
from cms import api as cms
from cms import selectors, services
from core.ids import uuid7
from lms.models import Attempt, Response
from lms.services import attempting, enrolling
from tests.factories.courses import make_course, publish

pytestmark = pytest.mark.django_db
EJECTION = {
    "stem": "射血分数？",
    "explanation": "双平面法。",
    "points": 1,
    "value": "55",
    "tolerance": "5",
    "unit": "%",
}


@pytest.fixture
def edition(world, now):
    """One unit with a single choice (b is right, two points) and a number (55 ± 5, one point)."""
    then = now - timedelta(days=20)
    course = make_course(world.author, world.hospital.pk, then, code="CARD-103")
    version = create_question(
        actor=world.author, organisation_id=world.hospital.pk, kind="numeric", content=EJECTION, now=then
    )
    services.add_block(
        actor=world.author,
        course_id=course.pk,
        unit_id=selectors.units_of(course)[0].pk,
        block_id=uuid7(),
        kind="quiz",
        value={"reference": str(version)},
        now=then,
    )
    return cms.get_edition(publish(course, world.author, world.reviewers, world.editor, then))


@pytest.fixture
def names(edition) -> tuple[str, str]:
    """The fields of both questions."""
    single, number = (node.key for node in edition.scored_nodes)
    return f"{single}-answer", f"{number}-answer"


@pytest.fixture
def ids(edition, actor, now) -> list:
    """Of the enrolment and of its open attempt."""
    enrolment_id = enrolling.enrol(actor=actor, edition_id=edition.id, now=now, enrolment_id=uuid7())
    return [enrolment_id, attempting.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)]


@pytest.fixture
def page(ids) -> str:
    return reverse("lms:attempt", args=ids)


@pytest.fixture
def kept(ids) -> str:
    return reverse("lms:keep_answers", args=ids)


class Window:
    """A page of the attempt with what it printed into its form, and what its script does with an answer."""

    def __init__(self, browser: Client, page: str, kept: str) -> None:
        self.browser, self.page, self.kept = browser, page, kept
        soup = BeautifulSoup(browser.get(page).content, "html.parser")
        self.form = {
            str(field["name"]): str(field["value"]) for field in soup.select("form[data-autosave] [type=hidden]")
        }

    def keep(self, *, is_lost: bool = False, **answers: str):
        """`is_lost`: the server's word does not come back."""
        self.form |= answers
        answer = self.browser.post(self.kept, self.form, headers={"accept": "application/json"})
        if not is_lost:
            self.form |= {f"base-{key}": base for key, base in answer.json().get("bases", {}).items()}
        return answer


@pytest.fixture
def windows(browser, page, kept) -> tuple[Window, Window]:
    return Window(browser, page, kept), Window(browser, page, kept)


def kept_answers(names) -> list:
    held = Attempt.objects.get().kept or {}
    return [held.get(name.removesuffix("-answer")) for name in names]


def test_answers_to_different_questions_are_both_kept(windows, names):
    older, newer = windows
    newer.keep(**{names[0]: "b"})

    answer = older.keep(**{names[1]: "55"})

    assert (answer.status_code, answer.json()["is_behind"]) == (200, True)
    assert "kept_at" not in answer.json()
    assert kept_answers(names) == [{"choice": "b"}, {"number": "55"}]


def test_an_older_window_does_not_overwrite_a_newer_answer_and_is_told(windows, names):
    # given a newer answer in another window
    older, newer = windows
    newer.keep(**{names[0]: "b"})

    # when the older one answers the same question, and another one beside
    answer = older.keep(**{names[0]: "c", names[1]: "5"})

    # then the newer stands, the other is kept, and a sentence says so
    assert (answer.status_code, answer.json()["code"]) == (409, "answered_elsewhere")
    assert kept_answers(names) == [{"choice": "b"}, {"number": "5"}]
    # and the newer window goes on from what it wrote itself
    assert newer.keep(**{names[0]: "a"}).status_code == 200
    assert kept_answers(names)[0] == {"choice": "a"}


def test_the_same_post_again_and_the_next_after_a_lost_answer_are_kept(windows, names):
    mine, _other = windows
    mine.keep(is_lost=True, **{names[1]: "5"})
    assert mine.keep(is_lost=True, **{names[1]: "5"}).status_code == 200

    assert mine.keep(**{names[1]: "55"}).json().keys() == {"kept_at", "bases"}

    assert kept_answers(names)[1] == {"number": "55"}


def test_an_older_window_hands_in_nothing_that_it_does_not_show(windows, names, page, browser):
    # given two answers in one window
    older, newer = windows
    newer.keep(**{names[0]: "b", names[1]: "55"})

    # when the other hands in one of its own
    refused = browser.post(page, older.form | {names[0]: "c"}, headers={"accept-language": "zh-hans"})

    # then nothing is handed in, and the page comes back with the present answers and a word at each question
    shown = BeautifulSoup(refused.content, "html.parser")
    assert (refused.status_code, Response.objects.count()) == (409, 0)
    assert "另一窗口对以下题目有较新的答案。尚未交卷。" in shown.get_text()
    right = printed_key(names[0].removesuffix("-answer"), "b")
    assert shown.select_one("input[checked]")["value"] == right
    assert shown.select_one(f'[name="{names[1]}"]')["value"] == "55"

    # when that page is handed in, it is
    form = {field["name"]: field["value"] for field in shown.select("form[data-autosave] [type=hidden]")}
    browser.post(page, form | {names[0]: "b", names[1]: "55"})
    assert Attempt.objects.get().points == 3
    assert (Attempt.objects.get().kept, Attempt.objects.get().kept_by) == (None, None)


def test_without_script_the_older_window_comes_back_with_the_present_answers(windows, names, kept, browser):
    older, newer = windows
    newer.keep(**{names[0]: "b"})

    refused = browser.post(kept, older.form | {names[0]: "c"})

    assert refused.status_code == 409
    right = printed_key(names[0].removesuffix("-answer"), "b")
    shown = BeautifulSoup(refused.content, "html.parser")
    assert shown.select_one("input[checked]")["value"] == right
    # and its button hands in, though the page stands at the address that keeps
    assert shown.select_one("form[data-autosave]")["action"] == kept.removesuffix("kept/")
