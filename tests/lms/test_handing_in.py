"""Answers are kept while they are given, and nothing is handed in by accident; over HTTP, by plain forms."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from assessment.kinds.base import printed_key
from lms.models import Attempt, Response
from tests.factories.people import make_person
from tests.lms.open_attempt import edition, ids, kept, names, page

pytestmark = pytest.mark.django_db
JSON = {"headers": {"accept": "application/json"}}
__all__ = ["edition", "ids", "kept", "names", "page"]


def chosen(page: str, names: tuple[str, str]) -> list[str]:
    """Keys of the options that are ticked; a page prints them hashed."""
    printed = {printed_key(names[0].removesuffix("-answer"), key): key for key in "abc"}
    return [printed[value] for value in re.findall(r'value="([^"]+)" checked', page)]


def test_what_was_kept_stands_there_after_a_reload_and_on_another_device(learner, browser, names, page, kept):
    # given answers that the script kept, one of them half typed
    answers = {names[0]: "b", names[1]: "5"}
    assert browser.post(kept, answers, **JSON).json().keys() == {"bases", "kept_at"}

    # when the page is opened elsewhere
    other = Client()
    other.force_login(learner, backend="directory.backends.GrantBackend")
    shown = other.get(page).content.decode()

    # then both are there, nothing is scored, and keeping them again changes nothing
    assert chosen(shown, names) == ["b"]
    assert re.search(rf'name="{names[1]}"[^>]* value="5"', shown)
    assert f'data-autosave="{kept}"' in shown
    browser.post(kept, answers, **JSON)
    attempt = Attempt.objects.get()
    assert attempt.kept == {
        names[0].removesuffix("-answer"): {"choice": "b"},
        names[1].removesuffix("-answer"): {"number": "5"},
    }
    assert (attempt.submitted_at, Response.objects.count()) == (None, 0)


def test_an_answer_taken_back_is_not_kept(browser, names, page, kept):
    browser.post(kept, {names[0]: "b", names[1]: "5"}, **JSON)
    browser.post(kept, {names[0]: "b", names[1]: ""}, **JSON)

    assert Attempt.objects.get().kept == {names[0].removesuffix("-answer"): {"choice": "b"}}


def test_without_script_a_button_keeps_them(browser, names, page, kept):
    assert f'formaction="{kept}"' in browser.get(page).content.decode()

    response = browser.post(kept, {names[0]: "c"}, follow=True)

    assert response.redirect_chain == [(page, 302)]
    assert "答案已保留，尚未交卷。" in response.content.decode()
    assert chosen(response.content.decode(), names) == ["c"]


def test_a_stranger_keeps_nothing_and_an_ended_attempt_takes_nothing(world, browser, names, page, kept):
    stranger = Client()
    stranger.force_login(make_person(world.hospital), backend="directory.backends.GrantBackend")
    assert stranger.post(kept, {names[0]: "b"}, **JSON).status_code == 404
    assert Attempt.objects.get().kept is None

    browser.post(kept, {names[0]: "a"}, **JSON)
    browser.post(page, {names[0]: "b", names[1]: "55"})
    late = browser.post(kept, {names[0]: "a"}, **JSON)

    attempt = Attempt.objects.get()
    assert (late.status_code, late.json()["code"]) == (409, "attempt_ended")
    assert (attempt.kept, attempt.kept_at, attempt.points) == (None, None, 3)


def test_a_blank_test_asks_first_and_uses_no_attempt(browser, names, page):
    # when nothing at all is answered
    asked = browser.post(page, {})

    # then the page asks, names both questions, and the attempt is still open
    text = asked.content.decode()
    assert asked.status_code == 422
    assert "2 道题未作答。仍然交卷？" in text
    assert [f'href="#{name.removesuffix("-answer")}"' in text for name in names] == [True, True]
    assert Attempt.objects.get().submitted_at is None

    # when it is handed in anyway
    response = browser.post(page, {"accepts_blanks": "yes"}, follow=True)

    # then it is, for nothing
    assert "得 0 分，满分 3 分" in response.content.decode()
    assert Attempt.objects.get().points == 0


def test_one_empty_question_asks_with_the_other_answer_still_there(browser, names, page):
    text = browser.post(page, {names[0]: "b"}).content.decode()

    assert "1 道题未作答。仍然交卷？" in text
    assert chosen(text, names) == ["b"]


def test_a_word_for_a_number_is_sent_back_even_when_blanks_are_accepted(browser, names, page):
    answers = {names[0]: "b", names[1]: "三分"}
    for extra in ({}, {"accepts_blanks": "yes"}):
        response = browser.post(page, answers | extra)
        text = response.content.decode()
        assert response.status_code == 422
        assert "请用数字作答，如 3 或 0.5。" in text
        assert 'value="三分"' in text
    assert (Attempt.objects.count(), Attempt.objects.get().submitted_at) == (1, None)

    browser.post(page, answers | {names[1]: "５５"})

    assert Attempt.objects.get().points == 3


def test_the_result_says_passed_or_not_and_offers_the_next_attempt_first(browser, names, page):
    # given one of three attempts that does not pass
    browser.post(page, {names[0]: "a", names[1]: "55"})

    text = browser.get(page).content.decode()

    # then it says so, names what was not right, and its green button answers again
    assert "<h1>本次未通过</h1>" in text
    assert "得 1 分，满分 3 分" in text
    assert re.search(r"x-btn--primary[^>]*>再答一次（还可 2 次）", text)
    assert not re.search(r"x-btn--primary[^>]*>标为已读", text)
    missed = re.search(r"未全对的题：(.*?)</p>", text, re.S).group(1)
    assert re.findall(r'href="#([^"]+)"', missed) == [names[0].removesuffix("-answer")]

    # when it is answered again and passed, the result says that
    start = re.search(r'action="([^"]+/attempts/)"', text).group(1)
    key = re.search(r'name="form_key" value="([^"]+)"', text).group(1)
    second = browser.post(start, {"form_key": key}).url
    browser.post(second, {names[0]: "b", names[1]: "55"})
    text = browser.get(second).content.decode()
    assert "<h1>本次已通过</h1>" in text
    assert "再答一次" not in text
