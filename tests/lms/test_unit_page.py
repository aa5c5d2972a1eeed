"""The parts of a unit beside it: named, with what is done, where reading goes on, and the next step at the end."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from cms import api as cms
from cms.contracts import EditionUnit, Overlay
from core.actor import Actor
from core.content import FrozenNode
from lms.models import Attempt, Enrolment, Position, Progress
from lms.presenting import unit_content
from lms.services import attempting, learning
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
TEXTS = (
    ("<h3>先看 <b>位置</b> &amp; 边界</h3><p>…</p>", "先看位置"),
    ("<p>没有标题的一段。</p>", "没有标题的一段。"),
    ('<figcaption><span class="x" data-part-name>一段录像</span></figcaption>', ""),
)


@pytest.fixture
def units(world, monkeypatch):
    """The published edition with three texts before its own text and question, and a second unit of one text."""
    first = world.edition.units[0]
    texts = [
        FrozenNode(key=f"part-{number}", kind="text", html=html, text=text)
        for number, (html, text) in enumerate(TEXTS, 1)
    ]
    second = replace(first, key="second", title="第二单元", minutes=7, nodes=(replace(texts[0], key="part-9"),))
    edition = replace(world.edition, units=(replace(first, nodes=(*texts, *first.nodes)), second))
    monkeypatch.setattr(cms, "get_edition", lambda edition_id: edition)
    return edition.units


def page_of(browser: Client, enrolment_id, number: int = 1) -> BeautifulSoup:
    answer = browser.get(reverse("lms:unit", args=[enrolment_id, number]), headers={"accept-language": "en"})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def parts(page: BeautifulSoup) -> list[tuple[str, str, str]]:
    """(name, anchor, state) as listed beside the text."""
    items = page.select(".x-unit__toc .x-toc__parts > li")
    return [(item.select("span")[1].get_text(), str(item.a["href"]), str(item["class"][0])) for item in items]


def look_at(browser: Client, enrolment_id, key: str) -> int:
    return browser.post(reverse("lms:position", args=[enrolment_id, key])).status_code


def stopped_at(page: BeautifulSoup) -> list[str]:
    return [str(link["href"]) for link in page.select(".x-unit__resume a")]


def end_of(page: BeautifulSoup) -> tuple[str, str]:
    """What the end of the unit says and offers."""
    end = page.select_one(".x-unit__end")
    return end.h2.get_text(), end.select_one(".x-btn").get_text()


def test_each_part_is_named_by_its_own_words_and_leads_to_its_place(browser, enrolment_id, units):
    page = page_of(browser, enrolment_id)

    own = units[0].nodes[3]
    assert [(name, anchor) for name, anchor, _state in parts(page)] == [
        ("先看 位置 & 边界", "#part-1"),
        ("没有标题的一段。", "#part-2"),
        ("一段录像", "#part-3"),
        (own.text.partition("\n")[0], f"#{own.key}"),
        ("Test", "#test"),
    ]
    # every anchor is a part of the page, and the same list stands under the bar
    assert all(page.select_one(f'.x-unit__part[id="{anchor[1:]}"]') for _name, anchor, _state in parts(page))
    assert len(page.select(".x-ubar__pop [data-part]")) == 5


def test_what_was_looked_at_is_marked_and_the_latest_is_where_reading_goes_on(browser, enrolment_id, units):
    # given a learner who opened the unit and looked at three of its parts, one of them twice
    assert stopped_at(page_of(browser, enrolment_id)) == []
    assert [look_at(browser, enrolment_id, f"part-{number}") for number in (1, 2, 3, 2)] == [204] * 4

    page = page_of(browser, enrolment_id)

    assert [state for _name, _anchor, state in parts(page)] == ["is-seen", "is-seen", "is-seen", "is-open", "is-open"]
    assert stopped_at(page) == ["#part-2"]
    assert page.select_one("progress")["value"] == "3"
    assert Progress.objects.get().seen == ["part-1", "part-3", "part-2"]
    assert not Position.objects.exists()


def test_a_video_that_was_watched_is_a_part_that_was_looked_at(browser, enrolment_id, units):
    address = reverse("lms:position", args=[enrolment_id, "part-3"])
    assert browser.post(address, {"position": "12.5"}).status_code == 204

    page = page_of(browser, enrolment_id)

    assert stopped_at(page) == ["#part-3"]
    assert page.select_one("#part-3")["data-position"] == "12.5"


def test_no_such_part_and_somebody_elses_place_change_nothing(browser, enrolment_id, units, world):
    stranger = Client()
    stranger.force_login(make_person(world.hospital), backend="directory.backends.GrantBackend")

    assert look_at(browser, enrolment_id, "part-7") == 422
    assert look_at(stranger, enrolment_id, "part-1") == 404
    assert Progress.objects.get().seen == []


def test_a_place_in_a_row_of_older_code_is_kept(browser, enrolment_id, units):
    Progress.objects.update(seen=None)

    assert parts(page_of(browser, enrolment_id))[0][2] == "is-open"
    assert look_at(browser, enrolment_id, "part-1") == 204
    assert Progress.objects.get().seen == ["part-1"]


def test_the_same_place_again_writes_nothing(enrolment_id, units, actor, now, django_assert_num_queries):
    learning.keep_place(actor=actor, enrolment_id=enrolment_id, node_key="part-2", now=now)

    with django_assert_num_queries(4):  # a savepoint, the lock, the row, the savepoint's end
        learning.keep_place(actor=actor, enrolment_id=enrolment_id, node_key="part-2", now=now)


def test_the_end_of_a_unit_says_what_comes_next(browser, enrolment_id, units, actor, now):
    # given nothing done: to be marked as read
    assert end_of(page_of(browser, enrolment_id)) == ("Have you read and watched it all?", "Mark as read")

    # then its questions are left, in the list as well
    learning.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    page = page_of(browser, enrolment_id)
    assert end_of(page) == ("Its questions are still to be answered", "To the questions")
    assert [state for _name, _anchor, state in parts(page)] == [*["is-done"] * 4, "is-open"]

    # and a second unit that is done leads back to the one that is not
    learning.complete_unit(actor=actor, enrolment_id=enrolment_id, unit_number=2, now=now)
    assert end_of(page_of(browser, enrolment_id, 2)) == (units[0].title, "Go to unit 1")


def test_a_unit_that_is_done_leads_to_the_next_one(browser, enrolment_id, units):
    progress = Progress.objects.get()
    progress.done = [node.key for node in units[0].nodes]
    progress.save(update_fields=["done"])

    page = page_of(browser, enrolment_id)

    assert end_of(page) == ("第二单元", "Next unit")
    assert page.select_one(".x-unit__end .x-btn")["href"] == reverse("lms:unit", args=[enrolment_id, 2])
    assert stopped_at(page) == []


CORRECTION = "患者实为 64 岁女性，BNP 510。"


@pytest.mark.parametrize("is_voided", [True, False])
def test_no_correction_stands_beside_a_tombstone(now, is_voided):
    # given a case that is gone, voided already or found gone while it is shown, and a text; each with a correction
    case = FrozenNode(key="k", kind="case", reference=str(uuid4()))
    text = FrozenNode(key="t", kind="text", html="<p>先看图。</p>", text="先看图。")
    unit = EditionUnit(key="u", title="一", minutes=5, nodes=(case, text))
    overlay = Overlay(uuid4(), {"k": "withdrawn"} if is_voided else {}, {"k": CORRECTION, "t": "应为 30 分钟。"}, {}, 2)
    # when a learner opens the unit
    shown = unit_content(unit, overlay, {}, actor=Actor(person_id=uuid4()), now=now)
    # then the tombstone stands alone, and the text keeps its correction
    assert "data-tombstone" in shown[0].html
    assert [node.erratum for node in shown] == ["", "应为 30 分钟。"]


def test_an_open_attempt_is_gone_on_with_not_begun(browser, enrolment_id, actor, now):
    # given a learner who began to answer and left
    attempt_id = attempting.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    # when the unit is opened again
    test = page_of(browser, enrolment_id).select_one("#test")
    # then its one button leads back into that attempt
    link = test.select_one("a.x-btn")
    assert (link.get_text(strip=True), link["href"]) == (
        "Go on answering",
        reverse("lms:attempt", args=[enrolment_id, attempt_id]),
    )
    assert "Attempt 1 of 3" in test.get_text() and "not handed in yet" in test.get_text()
    assert test.form is None


def test_in_a_passed_course_a_unit_without_a_point_is_not_called_passed(world, browser, enrolment_id, actor, now):
    # given a unit whose question was answered wrongly, in a course that was passed by the others
    attempt_id = attempting.start_attempt(actor=actor, enrolment_id=enrolment_id, unit_number=1, now=now)
    attempting.submit_attempt(
        actor=actor,
        enrolment_id=enrolment_id,
        attempt_id=attempt_id,
        answers=QueryDict(f"{world.edition.scored_nodes[0].key}-answer=a"),
        now=now,
    )
    Enrolment.objects.filter(pk=enrolment_id).update(state="passed")

    test = page_of(browser, enrolment_id).select_one("#test").get_text(" ", strip=True)

    assert "The course is passed; this unit: 0 of 2 points. The answers and why stand under the attempts." in test
    assert "Passed." not in test
    # with its points, the unit is
    Attempt.objects.update(points=2)
    test = page_of(browser, enrolment_id).select_one("#test").get_text(" ", strip=True)
    assert "Passed. The answers and why stand under the attempts." in test
