"""Everything was done and the test not passed: every page says when to answer again, and what to do until then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms import api as cms
from core.content import FrozenNode
from core.ids import uuid7
from core.ui.tags.times import written
from directory.models import Person
from lms.models import Attempt, Enrolment
from lms.services import enrolling
from tests.factories.courses import make_course, publish
from tests.factories.panels import panel_of

pytestmark = pytest.mark.django_db
PANEL = "lms:mine_panel"
UNREAD = "全部看过，测验未通过"


@pytest.fixture
def other_id(world, actor, now) -> UUID:
    """The learner's enrolment in another course; asked for before `edition`, it has the same units."""
    asked = now - timedelta(days=32)
    course = make_course(world.author, world.hospital.pk, asked, code="CARD-102")
    edition_id = publish(course, world.author, world.reviewers, world.editor, asked)
    return enrolling.enrol(actor=actor, edition_id=edition_id, now=now, enrolment_id=uuid7())


@pytest.fixture
def edition(world, monkeypatch):
    """Two attempts; the unit with the question, and a second one with a text."""
    text = FrozenNode(key="part-9", kind="text", html="<p>补充。</p>", text="补充。")
    first = world.edition.units[0]
    second = replace(first, key="second", title="第二单元", minutes=7, nodes=(text,))
    edition = replace(world.edition, attempts_allowed=2, units=(first, second))
    monkeypatch.setattr(cms, "get_edition", lambda edition_id: edition)
    return edition


def page_of(browser: Client, url: str) -> BeautifulSoup:
    answer = browser.get(url, headers={"accept-language": "zh-hans"})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def answer(browser: Client, edition, enrolment_id: UUID, letter: str) -> None:
    begun = browser.post(reverse("lms:start_attempt", args=[enrolment_id, 1]), {"form_key": str(uuid7())})["Location"]
    browser.post(begun, {f"{edition.scored_nodes[0].key}-answer": letter})


def read(browser: Client, enrolment_id: UUID, *numbers: int) -> None:
    for number in numbers:
        browser.post(reverse("lms:unit_done", args=[enrolment_id, number]))


def use_up(browser: Client, edition, enrolment_id: UUID) -> str:
    """Read everything, fail both attempts; returns when the next one opens, as it is written."""
    read(browser, enrolment_id, 1, 2)
    for _attempt in range(2):
        answer(browser, edition, enrolment_id, "a")
    last = Attempt.objects.filter(submitted_at__isnull=False).latest("submitted_at").submitted_at
    assert last is not None
    return written(last + timedelta(hours=24))


def let_a_day_pass() -> datetime:
    then = timezone.now() - timedelta(hours=24, minutes=1)
    Attempt.objects.update(submitted_at=then)
    return then


def words(page: BeautifulSoup, selector: str) -> str:
    return " ".join(" ".join(found.get_text(" ").split()) for found in page.select(selector))


def test_course_and_unit_say_when_the_next_attempt_opens_and_what_to_do(browser, enrolment_id, edition):
    opens = use_up(browser, edition, enrolment_id)

    course, unit = (
        page_of(browser, reverse(name, args=args))
        for name, args in (("lms:course", [enrolment_id]), ("lms:unit", [enrolment_id, 1]))
    )

    # then the course names the moment and leads to the unit, which is not done but read
    note = words(course, ".x-note--warn")
    assert "内容已全部看过、测验已做过，但分数还不够。" in note
    assert opens in note
    assert course.select_one(".x-note--warn a")["href"] == reverse("lms:unit", args=[enrolment_id, 1])
    assert [chip.get_text() for chip in course.select(".x-outline .x-chip")] == [UNREAD, "已完成"]
    assert "完成 1 / 2" in words(course, ".x-sec__head") or "1/2" in words(course, ".x-sec__head").replace(" ", "")
    # and the unit says the same at its head and foot, without a tick
    assert UNREAD in words(unit, ".x-unit__body > header")
    assert opens in words(unit, ".x-unit__end")
    assert words(unit, ".x-unit__end h2") == "测验尚未通过"
    assert "本单元没有要做的了" not in unit.get_text()
    assert unit.select(".x-unit__toc > .x-toc > li")[0].select(":scope > a .x-sr") == []
    assert [part["class"] for part in unit.select(".x-unit__toc [data-part=test]")] == [["is-seen"]]


def test_the_first_screen_says_when_and_leads_to_the_text(browser, learner, enrolment_id, edition):
    opens = use_up(browser, edition, enrolment_id)

    home = browser.get("/home/", headers={"accept-language": "zh-hans"}).content.decode()
    line = panel_of(learner, PANEL).lines[0]

    where = reverse("lms:unit", args=[enrolment_id, 1])
    assert f"下一次答题 {opens} 开放" in home
    assert "重读本单元" in home
    assert f'href="{where}"' in home
    assert (line.url, len(line.meta)) == (where, 2)
    assert "100%" not in line.meta


def test_the_list_of_courses_says_what_a_whole_one_lacks(browser, learner, enrolment_id, edition):
    def said() -> str:
        return words(page_of(browser, reverse("lms:my_courses")), ".x-list .x-row:has(progress)")

    # given one unit read, then all and the attempts used up, then a day gone by
    read(browser, enrolment_id, 2)
    assert said() == "33%"
    opens = use_up(browser, edition, enrolment_id)
    assert said() == f"100% {UNREAD} 下一次答题 {opens} 开放"
    let_a_day_pass()
    assert said() == f"100% {UNREAD}"
    Person.objects.filter(pk=learner.pk).update(language="en")
    assert said() == "100% All read, test not passed"

    # when it is passed, nothing is lacking
    answer(browser, edition, enrolment_id, "b")
    assert said() == ""


def test_a_list_of_more_courses_costs_no_more_queries(browser, enrolment_id, other_id, edition):
    def queries() -> int:
        browser.get(reverse("lms:my_courses"))
        with CaptureQueriesContext(connection) as made:
            browser.get(reverse("lms:my_courses"))
        return len(made)

    # given two courses that are begun, then one of them used up, then both
    begun = queries()
    use_up(browser, edition, enrolment_id)
    one = queries()
    use_up(browser, edition, other_id)

    # then what they lack costs two for both
    assert (one, queries()) == (begun + 2, begun + 2)
    page = page_of(browser, reverse("lms:my_courses"))
    assert words(page, ".x-list").count(UNREAD) == 2


def test_once_it_is_open_everything_leads_straight_to_the_test(browser, learner, enrolment_id, edition):
    use_up(browser, edition, enrolment_id)
    let_a_day_pass()

    test = reverse("lms:unit", args=[enrolment_id, 1]) + "#test"
    home = BeautifulSoup(browser.get("/home/").content, "html.parser")
    course = page_of(browser, reverse("lms:course", args=[enrolment_id]))
    unit = page_of(browser, reverse("lms:unit", args=[enrolment_id, 1]))

    assert home.select(f'a[href="{test}"]')
    assert panel_of(learner, PANEL).lines[0].url == test
    assert course.select_one(".x-nextup a")["href"] == test
    assert "再答一次" in words(course, ".x-nextup a")
    start = unit.select_one(".x-unit__end form")
    assert start["action"] == reverse("lms:start_attempt", args=[enrolment_id, 1])
    # and behind the last unit the way leads back to it
    last = page_of(browser, reverse("lms:unit", args=[enrolment_id, 2]))
    assert last.select_one(".x-unit__end a")["href"] == reverse("lms:unit", args=[enrolment_id, 1])

    # when that attempt passes, all is said to be done
    answer(browser, edition, enrolment_id, "b")
    course = page_of(browser, reverse("lms:course", args=[enrolment_id]))
    assert [row["class"] for row in course.select(".x-outline > li")] == [["is-passed"], ["is-passed"]]


def test_an_open_attempt_is_gone_on_with_from_the_foot(browser, enrolment_id, edition):
    read(browser, enrolment_id, 1)
    answer(browser, edition, enrolment_id, "a")
    begun = browser.post(reverse("lms:start_attempt", args=[enrolment_id, 1]), {"form_key": str(uuid7())}).url

    unit = page_of(browser, reverse("lms:unit", args=[enrolment_id, 1]))

    assert unit.select_one(".x-unit__end a")["href"] == begun
    assert unit.select_one(".x-unit__next a:last-child")["href"] == reverse("lms:unit", args=[enrolment_id, 2])


def test_a_waiting_test_keeps_nobody_from_the_next_unit(browser, enrolment_id, edition):
    read(browser, enrolment_id, 1)
    for _attempt in range(2):
        answer(browser, edition, enrolment_id, "a")

    unit = page_of(browser, reverse("lms:unit", args=[enrolment_id, 1]))
    course = page_of(browser, reverse("lms:course", args=[enrolment_id]))
    following = reverse("lms:unit", args=[enrolment_id, 2])
    assert unit.select_one(".x-unit__end a")["href"] == course.select_one(".x-nextup a")["href"] == following
    assert len(unit.select(f'.x-unit__body a[href="{following}"]')) == 1


def test_marking_a_unit_as_read_does_not_call_it_done_while_its_test_is_not_passed(browser, enrolment_id, edition):
    answer(browser, edition, enrolment_id, "a")

    page = browser.post(reverse("lms:unit_done", args=[enrolment_id, 1]), follow=True).content.decode()

    assert "第 1 单元已看完，测验尚未通过。" in page


def test_who_left_is_told_that_no_attempt_opens(browser, enrolment_id, edition):
    opens = use_up(browser, edition, enrolment_id)
    browser.post(reverse("lms:leave", args=[enrolment_id]))
    assert Enrolment.unscoped.get().state == "withdrawn"

    for name, args in (("lms:course", [enrolment_id]), ("lms:unit", [enrolment_id, 1])):
        page = page_of(browser, reverse(name, args=args)).get_text()
        assert "您已不在本课程中，不再开放答题。" in page
        assert opens not in page


def test_a_used_up_test_costs_course_and_unit_pages_no_query(browser, enrolment_id, edition, django_assert_num_queries):
    pages = [reverse("lms:course", args=[enrolment_id]), reverse("lms:unit", args=[enrolment_id, 1])]
    use_up(browser, edition, enrolment_id)
    for page, most in zip(pages, (7, 7), strict=True):
        browser.get(page)
        with django_assert_num_queries(most):
            browser.get(page)
