"""The desk's list: views with numbers, filters, whose turn it is, and nobody else's courses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from cms import services
from cms.models import Course
from cms.selectors import DESK_VIEWS, DeskFilters, desk_counts, desk_list
from directory.models import RoleGrant
from tests.factories.courses import make_course, publish, put_in_department, report


def _in_each_state(house, now):
    """One course in each state of the machine, the draft changed last."""
    published = make_course(house.author, house.hospital.pk, now, code="CARD-201")
    publish(published, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    approved = make_course(house.author, house.hospital.pk, now, code="CARD-202")
    _submitted(house, approved, now)
    _reported(house, approved, now, "approve", "approve")
    changes = make_course(house.author, house.hospital.pk, now, code="CARD-203", subject="respiratory")
    _submitted(house, changes, now)
    _reported(house, changes, now, "approve", "changes")
    waiting = make_course(house.author, house.hospital.pk, now, code="CARD-204")
    _submitted(house, waiting, now)
    _reported(house, waiting, now, "approve")
    make_course(house.author, house.hospital.pk, now + timedelta(hours=1), code="CARD-205", language="en")


def _submitted(house, course, now):
    services.submit_course(
        actor=house.author,
        course_id=course.pk,
        reviewer_ids=[house.people.reviewer.pk, house.people.reviewer2.pk],
        now=now,
    )
    course.refresh_from_db()


def _reported(house, course, now, *verdicts):
    for reviewer, verdict in zip((house.reviewer, house.reviewer2), verdicts, strict=False):
        report(reviewer, course.round_id, now, verdict)


@pytest.fixture
def courses(house, now, run_jobs):
    _in_each_state(house, now)
    run_jobs(now)
    return {course.code[-3:]: course for course in Course.unscoped.all()}


def _page(person, query=""):
    client = Client()
    client.force_login(person)
    client.cookies["xinglin_language"] = "en"
    answer = client.get(f"/courses/desk/{query}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def _codes(soup):
    return [row.select_one(".x-num").get_text() for row in soup.select("tbody tr")]


def _tabs(soup):
    return [int(tab.get_text()) for tab in soup.select(".x-tabs .x-count")]


def test_what_somebody_must_act_on_stands_first(house, courses):
    # When the desk's lead opens it, without any view chosen
    soup = _page(house.people.editor)
    # Then approved and returned courses come first, and the numbers of the views add up
    assert _codes(soup) == EVERY
    assert _tabs(soup) == [5, 1, 1, 1, 1, 1, 0]
    assert list(DESK_VIEWS) == ["all", "changes", "approved", "draft", "review", "published", "retired"]


def test_a_review_shows_how_many_reports_are_in(house, courses):
    row = next(row for row in _page(house.people.author).select("tbody tr") if "CARD-204" in row.get_text())
    assert "1 of 2 reports" in row.get_text()


def test_only_who_may_publish_is_told_to(house, courses):
    for person, words, other in (
        (house.people.editor, "Publish the edition", "The desk’s lead publishes it"),
        (house.people.author, "The desk’s lead publishes it", "Publish the edition"),
    ):
        row = _page(person, "?tab=approved").select_one("tbody tr").get_text()
        assert words in row
        assert other not in row


EVERY = ["CARD-202", "CARD-203", "CARD-205", "CARD-204", "CARD-201"]
FOUND = {
    "": EVERY,
    "?tab=published": ["CARD-201"],
    "?tab=changes": ["CARD-203"],
    "?tab=approved": ["CARD-202"],
    "?subject=respiratory": ["CARD-203"],
    "?language=en": ["CARD-205"],
    "?q=card-204": ["CARD-204"],
    "?q=card-204&tab=draft": [],
    "?subject=nothing-of-this-name": EVERY,
    "?tab=elsewhere&page=nine": EVERY,
}


def test_views_and_filters(house, courses):
    assert {query: _codes(_page(house.people.editor, query)) for query in FOUND} == FOUND


def test_a_filter_that_hides_everything_says_so_and_can_be_cleared(house, courses):
    soup = _page(house.people.editor, "?q=nowhere")
    assert "No course fits these filters" in soup.get_text()
    assert soup.select_one("form.x-bar a")["href"] == "?tab=all"


def test_another_hospital_sees_none_of_it(house, courses):
    assert _codes(_page(house.people.outsider)) == []
    assert desk_counts(house.outsider, DeskFilters()) == dict.fromkeys(DESK_VIEWS, 0)
    assert list(desk_list(house.outsider, DeskFilters())) == []


def test_the_list_costs_the_same_for_one_and_for_many(house, courses, now, django_assert_max_num_queries):
    for number in range(12):
        make_course(house.author, house.hospital.pk, now, code=f"NUR-{number}")
    client = Client()
    client.force_login(house.people.author)
    client.get("/courses/desk/")
    with django_assert_max_num_queries(12):
        assert client.get("/courses/desk/").status_code == 200


def test_an_approved_course_says_for_whom_it_waits(house, courses):
    address = f"/courses/desk/{courses['202'].pk}/"

    def shown(person):
        client = Client()
        client.force_login(person)
        client.cookies["xinglin_language"] = "en"
        return BeautifulSoup(client.get(address).content, "html.parser")

    # for its author it waits for somebody else, who is named
    page = shown(house.people.author)
    chip = page.select_one("main .x-chip")
    assert (chip.get_text(strip=True), "x-chip--warn" in chip["class"]) == ("Waits for publication", True)
    note = page.select_one("main .x-note--warn").get_text(" ", strip=True)
    assert "It now waits for an editor, who publishes the edition:" in note
    assert house.people.editor.name in note
    # for the editor it is the next thing to do, and the button is there
    page = shown(house.people.editor)
    assert "x-chip--accent" in page.select_one("main .x-chip")["class"]
    assert page.find("button", string="Publish the edition")
    assert page.select_one("main .x-note--warn") is None
    # and where nobody is left who could, that is said
    RoleGrant.objects.filter(person=house.people.editor).delete()
    note = shown(house.people.author).select_one("main .x-note--warn").get_text(" ", strip=True)
    assert "Nobody holds the editor’s role here now. An administrator gives it." in note


def test_reviewers_of_the_subject_area_are_offered_first(house, now):
    # given a course on the heart, and peers of two specialties
    course = make_course(house.author, house.hospital.pk, now)
    put_in_department(house.people.reviewer, "respiratory")
    put_in_department(house.people.reviewer2, "cardiology")
    client = Client()
    client.force_login(house.people.author)
    client.cookies["xinglin_language"] = "en"
    address = f"/courses/desk/{course.pk}/submit/"
    # when its author chooses
    field = BeautifulSoup(client.get(address).content, "html.parser").select_one("fieldset")
    # then who knows it stands first, under a heading
    shown = [
        (box.find_parent("label").get_text(" ", strip=True), box.find_parent("label").find_previous_sibling("p").string)
        for box in field.select("input[name=reviewers]")
    ]
    near, far = house.people.reviewer2.name, house.people.reviewer.name
    assert [(words.split()[0], heading) for words, heading in shown] == [
        (near, "Of this subject area"),
        (far, "Others"),
    ]
    # and a refusal leads to the first of them
    answer = client.post(address, {"reviewers": [str(house.people.reviewer.pk)]})
    soup = BeautifulSoup(answer.content, "html.parser")
    anchor = soup.select_one(".x-errors a")["href"]
    assert (answer.status_code, soup.select_one(anchor)["value"]) == (422, str(house.people.reviewer2.pk))
