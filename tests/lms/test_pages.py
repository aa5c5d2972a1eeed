"""The learner's pages over HTTP, by plain forms."""

from __future__ import annotations

import hashlib
import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from core.audit.models import AuditEntry
from core.ids import uuid7
from lms.models import Attempt, Completion, Enrolment, Position
from tests.factories.courses import QUESTION

pytestmark = pytest.mark.django_db


def _key(response) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', response.content.decode()).group(1)


def _done(browser, enrolment_id):
    return browser.post(reverse("lms:unit_done", args=[enrolment_id, 1]))


def test_the_whole_way_by_plain_forms(world, browser):
    enrol = reverse("lms:enrol", args=[world.edition.course_id])
    key = _key(browser.get(enrol))
    response = browser.post(enrol, {"form_key": key})
    assert response.url == reverse("lms:course", args=[key])

    course = browser.get(response.url).content.decode()
    assert world.edition.title in course
    assert "units/1/" in course
    unit_url = reverse("lms:unit", args=[key, 1])
    unit = browser.get(unit_url)
    assert "先问时间，再看心电图" in unit.content.decode()
    assert _done(browser, key).url == unit_url

    response = browser.post(reverse("lms:start_attempt", args=[key, 1]), {"form_key": _key(browser.get(unit_url))})
    attempt_url = response.url
    questions = browser.get(attempt_url).content.decode()
    assert "急性心肌梗死最需要先做哪项检查" in questions
    assert "首次医疗接触" not in questions

    name = re.search(r'name="([^"]+-answer)"', questions).group(1)
    assert browser.post(attempt_url, {name: "b"}).url == attempt_url
    result = browser.get(attempt_url).content.decode()
    assert "首次医疗接触 10 分钟内完成" in result
    assert Completion.objects.get().enrolment_id == Enrolment.unscoped.get().pk
    assert browser.get(reverse("lms:my_courses")).status_code == 200
    assert browser.get(reverse("lms:course", args=[key])).status_code == 200


def test_the_key_is_shown_only_once_passed(world, browser):
    # given a learner who answered wrongly
    enrol = reverse("lms:enrol", args=[world.edition.course_id])
    key = _key(browser.get(enrol))
    browser.post(enrol, {"form_key": key})
    unit_url, start = reverse("lms:unit", args=[key, 1]), reverse("lms:start_attempt", args=[key, 1])
    name = f"{world.edition.scored_nodes[0].key}-answer"
    first = browser.post(start, {"form_key": _key(browser.get(unit_url))}).url
    assert "第 1 次，共 3 次" in browser.get(first).content.decode()
    browser.post(first, {name: "a"})

    # when the result is read, it tells what was chosen and earned, not what is right nor why
    result = browser.get(first).content.decode()
    assert "您的答案" in result
    assert "首次医疗接触 10 分钟内完成" not in result
    assert "is-right" not in result
    assert "is-wrong" not in result

    # then passing opens both, of the first attempt too, and no further attempt is offered
    second = browser.post(start, {"form_key": _key(browser.get(unit_url))}).url
    browser.post(second, {name: "b"})
    for url in (first, second):
        assert "首次医疗接触 10 分钟内完成" in browser.get(url).content.decode()
    assert f'action="{start}"' not in browser.get(unit_url).content.decode()


def test_the_options_stand_in_an_order_of_the_attempt(world, browser):
    # given two attempts
    enrol = reverse("lms:enrol", args=[world.edition.course_id])
    key = _key(browser.get(enrol))
    browser.post(enrol, {"form_key": key})
    version = world.edition.scored_nodes[0].reference

    def order_of(attempt) -> list[str]:
        seed = f"{attempt}:{version}"
        return sorted("abc", key=lambda letter: hashlib.sha256(f"{seed}:{letter}".encode()).digest())

    attempt = uuid7()
    url = browser.post(reverse("lms:start_attempt", args=[key, 1]), {"form_key": str(attempt)}).url

    # then a reload changes nothing, and the order is the attempt's own
    letters = {option["text"]: letter for option, letter in zip(QUESTION["options"], "abc", strict=True)}
    pages = [BeautifulSoup(browser.get(url).content, "html.parser") for _reload in range(2)]
    shown = [[letters[option.span.get_text()] for option in page.select("label.x-opt")] for page in pages]
    assert shown[0] == shown[1] == order_of(attempt)
    assert len({tuple(order_of(uuid7())) for _n in range(40)}) > 1


def test_a_double_click_on_enrol_and_start_makes_one_of_each(world, browser):
    enrol = reverse("lms:enrol", args=[world.edition.course_id])
    key = _key(browser.get(enrol))
    assert browser.post(enrol, {"form_key": key}).url == browser.post(enrol, {"form_key": key}).url

    start = reverse("lms:start_attempt", args=[key, 1])
    form_key = _key(browser.get(reverse("lms:unit", args=[key, 1])))
    assert browser.post(start, {"form_key": form_key}).url == browser.post(start, {"form_key": form_key}).url

    assert (Enrolment.unscoped.count(), Attempt.objects.count()) == (1, 1)


def test_a_double_click_on_leave_leads_on_and_leaves_once(browser, enrolment_id):
    answers = [browser.post(reverse("lms:leave", args=[enrolment_id])) for _click in range(2)]

    assert [answer.url for answer in answers] == [reverse("lms:my_courses")] * 2
    assert Enrolment.unscoped.get().state == "withdrawn"
    assert AuditEntry.objects.filter(action="enrolment.left").count() == 1


def test_pages_of_somebody_else_and_of_nobody_read_the_same(world, enrolment_id, now):
    from tests.factories.people import make_person

    stranger = Client()
    stranger.force_login(make_person(world.hospital), backend="directory.backends.GrantBackend")
    attempt = reverse("lms:attempt", args=[enrolment_id, enrolment_id])
    pages = [
        reverse("lms:course", args=[enrolment_id]),
        reverse("lms:unit", args=[enrolment_id, 1]),
        attempt,
    ]

    assert [stranger.get(page).status_code for page in pages] == [404, 404, 404]
    assert [Client().get(page).status_code for page in pages] == [302, 302, 302]
    assert stranger.post(attempt, {}).status_code == 404
    assert _done(stranger, enrolment_id).status_code == 404


def test_the_landing_fragment_says_what_this_reader_can_do(world, browser, enrolment_id):
    fragment = reverse("lms:enrol_fragment", args=[world.edition.course_id])

    mine, nobodys = browser.get(fragment), Client().get(fragment)

    assert reverse("lms:course", args=[enrolment_id]) in mine.content.decode()
    assert "no-store" in mine["Cache-Control"]
    assert reverse("lms:enrol", args=[world.edition.course_id]) in nobodys.content.decode()
    assert "<form" not in nobodys.content.decode()


def test_a_video_position_is_kept_and_nonsense_is_not(world, browser, enrolment_id):
    node = world.edition.nodes[0].key
    url = reverse("lms:position", args=[enrolment_id, node])

    assert browser.post(url, {"position": "68.4", "duration": "192"}).status_code == 204
    assert [browser.post(url, {"position": p}).status_code for p in ("nan", "-1", "x", "1e9")] == [422] * 4
    assert browser.post(reverse("lms:position", args=[enrolment_id, "none"]), {"position": "1"}).status_code == 422

    assert Position.objects.get().seconds == 68.4
    assert 'data-position="68.4"' in browser.get(reverse("lms:unit", args=[enrolment_id, 1])).content.decode()


def test_the_next_unit_stands_on_the_first_screen(browser, enrolment_id):
    home = browser.get("/home/").content.decode()

    assert reverse("lms:unit", args=[enrolment_id, 1]) in home


def test_course_and_unit_pages_pin_their_queries(browser, enrolment_id, django_assert_max_num_queries):
    for page in (reverse("lms:course", args=[enrolment_id]), reverse("lms:unit", args=[enrolment_id, 1])):
        browser.get(page)
        with django_assert_max_num_queries(12):
            browser.get(page)
