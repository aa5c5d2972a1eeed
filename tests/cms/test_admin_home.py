"""The first screen of Wagtail's admin: what waits, what is in hand, and doors that this person may pass."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms import services
from cms.models import Course
from core.ui.registry import TaskItem
from tests.factories.courses import make_course
from tests.factories.people import make_person

CMS = "/cms/"


def home_of(person) -> tuple[Client, str]:
    client = Client()
    client.force_login(person)
    answer = client.get(CMS)
    assert answer.status_code == 200
    return client, answer.content.decode()


def part(page: str, heading: str) -> str:
    """One section of the page, by the id of its heading."""
    return re.search(rf'aria-labelledby="{heading}".*?</(?:section|nav)>', page, re.DOTALL).group()


def figures(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<li><a [^>]*><b>(\d+)</b>", page)]


def menu(page: str) -> list[str]:
    """Names of the sidebar's places, as Wagtail hands them to its script."""
    props = json.loads(re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL).group(1))
    found: list[str] = []

    def look(node) -> None:
        if isinstance(node, dict):
            if "LinkMenuItem" in str(node.get("_type", "")):
                found.append(node["_args"][0]["name"])
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(props)
    return found


def test_drafts_reviews_and_what_came_back_are_counted_and_named(house, now):
    make_course(house.author, house.hospital.pk, now, code="CARD-1")
    sent = make_course(house.author, house.hospital.pk, now, code="CARD-2")
    services.submit_course(actor=house.author, course_id=sent.pk, now=now)
    back = make_course(house.author, house.hospital.pk, now, code="CARD-3")
    Course.unscoped.filter(pk=back.pk).update(state="changes_requested", title="要改的课程")

    _client, page = home_of(house.people.author)

    assert figures(page) == [1, 1, 1, 0, 0]
    assert "要改的课程" in part(page, "desk-waiting")
    assert "CARD-1" in part(page, "desk-drafts")
    assert "CARD-2" not in part(page, "desk-drafts")
    assert "CARD-2" in part(page, "desk-reviewed")
    assert "0/2" in part(page, "desk-reviewed")


def test_each_figure_is_a_view_of_the_desk_and_says_what_that_view_says(house, now):
    # given one course in each state
    for number, state in enumerate(("draft", "changes_requested", "in_review", "approved", "published"), start=1):
        course = make_course(house.author, house.hospital.pk, now, code=f"CARD-{number}")
        Course.unscoped.filter(pk=course.pk).update(state=state)
    # when the figures of the admin's and of the house's first screen are followed
    client, page = home_of(house.people.author)
    shown = re.findall(r'<li><a href="([^"]*)"><b>(\d+)</b> <span>([^<]*)</span>', page)
    panel = client.get(reverse("cms:desk_panel")).context["panel"].figures
    # then each leads to the view that has its name and as many courses
    assert [number for _url, number, _label in shown] == ["1", "1", "1", "1", "1"]
    for url, number, label in [*shown, *((one.url, one.value, one.label) for one in panel)]:
        desk = client.get(url).context
        tab = next(tab for tab in desk["tabs"] if tab[0] == desk["tab"])
        assert (str(tab[1]), tab[2], desk["page"].count) == (str(label), int(number), int(number))
    assert [one.value for one in panel] == [1, 1, 1]


def test_an_approved_course_waits_for_whoever_publishes_and_not_for_its_author(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    Course.unscoped.filter(pk=course.pk).update(state="approved", title="可发布的课程")

    assert "可发布的课程" in part(home_of(house.people.editor)[1], "desk-waiting")
    assert "可发布的课程" not in part(home_of(house.people.author)[1], "desk-waiting")


def test_another_hospitals_author_sees_nothing_of_it(house, now):
    make_course(house.author, house.hospital.pk, now, code="CARD-1")

    _client, page = home_of(house.people.outsider)

    assert figures(page) == [0, 0, 0, 0, 0]
    assert "CARD-1" not in page


def test_doors_and_menu_lead_only_where_this_person_may_go(house):
    author, editor = home_of(house.people.author)[1], home_of(house.people.editor)[1]
    questions, cases = reverse("assessment:questions"), reverse("casebook:desk")

    assert questions in part(author, "desk-doors") and cases not in part(author, "desk-doors")
    assert cases in part(editor, "desk-doors") and questions not in part(editor, "desk-doors")
    assert menu(author)[:3] == ["home", "course-desk", "questions"]
    assert menu(editor)[:3] == ["home", "course-desk", "case_desk"]
    assert {"reports", "help", "snippets", "documents"} & {*menu(author), *menu(editor)} == set()


def test_a_task_of_the_patients_side_is_not_shown(house, monkeypatch):
    consult = TaskItem(title="一位患者", url="/consults/1/", action="接诊")
    monkeypatch.setattr("cms.web.admin_home.tasks_for", lambda actor, now: [consult])

    assert "一位患者" not in home_of(house.people.editor)[1]


def test_the_home_costs_the_same_for_one_course_and_for_four(house, now):
    make_course(house.author, house.hospital.pk, now, code="CARD-1")
    client, _page = home_of(house.people.author)
    with CaptureQueriesContext(connection) as before:
        client.get(CMS)
    for number in (2, 3, 4):
        make_course(house.author, house.hospital.pk, now, code=f"CARD-{number}")
    with CaptureQueriesContext(connection) as after:
        client.get(CMS)

    assert len(after) == len(before)


@pytest.mark.parametrize("role", ["reviewer", "manager", "learner"])
def test_who_writes_nothing_does_not_get_in(house, role):
    client = Client()
    client.force_login(make_person(house.hospital, role))

    assert client.get(CMS).status_code == 403


def test_the_admin_follows_the_persons_own_theme_and_language(house):
    author = house.people.author
    author.theme = "dark"
    author.save(update_fields=["theme"])

    page = home_of(author)[1]

    assert 'class="w-theme-dark ' in page
    assert '<html lang="zh-Hans"' in page


def test_the_admins_scripts_speak_the_persons_language_also_where_wagtail_does_not(db):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"

    words = json.loads(re.search(r"newcatalog = (\{.*?\});", client.get("/cms/jsi18n/").content.decode(), re.DOTALL)[1])

    assert words["Changes have been autosaved."] == "已自动保存。"
    assert words["Toggle sidebar"] == "切换侧边栏"


def test_neither_promotion_nor_workflow_is_offered_for_a_unit(house, now):
    course = make_course(house.author, house.hospital.pk, now)
    unit = course.page.get_children().first()
    client = Client()
    client.force_login(house.people.author)

    page = client.get(f"/cms/pages/{unit.pk}/edit/").content.decode()

    assert 'name="title"' in page
    assert 'name="slug"' not in page
    assert 'name="action-submit"' not in page
    assert 'name="action-publish"' not in page
