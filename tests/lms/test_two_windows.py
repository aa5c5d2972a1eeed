"""One attempt open in two windows: nothing newer is overwritten, and nobody is left without a word; over HTTP."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from assessment.kinds.base import printed_key
from directory.models import Person
from lms.models import Attempt, Response
from tests.lms.open_attempt import edition, ids, kept, names, page

pytestmark = pytest.mark.django_db
__all__ = ["edition", "ids", "kept", "names", "page"]


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


@pytest.mark.parametrize(
    ("language", "by_script", "kept_as_page", "handed_in"),
    [
        (
            "en",
            "Another window has newer answers to some of these questions, and they stand. The others are kept.",
            "Another window has newer answers to these questions. The others are kept.",
            "Another window has newer answers to these questions. Nothing is handed in yet.",
        ),
        (
            "zh-hans",
            "另一窗口对其中一些题有较新的答案，已保留较新的。其他题的答案也已保留。",
            "另一窗口对以下题目有较新的答案。其他题的答案已保留。",
            "另一窗口对以下题目有较新的答案。尚未交卷。",
        ),
    ],
)
def test_only_who_hands_in_is_told_of_handing_in(
    windows, names, page, learner, language, by_script, kept_as_page, handed_in
):
    # given a newer answer in another window
    older, newer = windows
    newer.keep(**{names[0]: "b"})
    Person.objects.filter(pk=learner.pk).update(language=language)

    def post(url: str, accept: str = "text/html"):
        return older.browser.post(url, older.form | {names[0]: "c"}, headers={"accept": accept})

    def heading(url: str) -> str:
        return BeautifulSoup(post(url).content, "html.parser").select_one("#not-ready").get_text()

    # then its script, its button that keeps and its button that hands in are each told what they did
    assert post(older.kept, "application/json").json()["title"] == by_script
    assert heading(older.kept) == kept_as_page
    assert heading(page) == handed_in


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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Not sent. Load the present answers before you go on."),
        ("zh-hans", "没有发出。请先载入现有答案，再继续作答。"),
    ],
)
def test_a_page_that_is_behind_has_another_word_for_what_is_not_sent(browser, page, language, text):
    """Given an attempt, when its page is opened, then the hidden line holds what it says once it is shown."""
    shown = BeautifulSoup(browser.get(page, headers={"accept-language": language}).content, "html.parser")
    notice = shown.select_one("form[data-autosave] [data-answers-behind]")
    assert (notice.has_attr("hidden"), notice["data-unsaved-text"]) == (True, text)
