"""The question bank over HTTP."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from assessment import presenting, selectors
from assessment.models import Question, QuestionVersion
from core.ids import uuid7
from tests.factories.people import grant_role, make_organisation, make_person

pytestmark = pytest.mark.django_db

FORMS = {
    "single": {"option_1": "甲", "option_2": "乙", "right": "2"},
    "multiple": {"option_1": "甲", "option_2": "乙", "option_3": "丙", "right": ["1", "3"]},
    "numeric": {"value": "5.5", "tolerance": "0.5", "unit": "mmol/L"},
    "ordering": {"option_1": "先", "option_2": "后", "option_3": "最后"},
}
COMMON = {"stem": "银杏试题", "explanation": "银杏理由", "points": "2", "language": "zh-hans", "pool": "胸痛"}


@pytest.fixture
def browser():
    client = Client()
    client.force_login(make_person(make_organisation(), "author"), backend="directory.backends.GrantBackend")
    return client


def _new(browser, kind, **changes):
    key = uuid7()
    data = COMMON | FORMS[kind] | {"form_key": str(key), "base_number": "0"} | changes
    return key, browser.post(reverse("assessment:new", args=[kind]), data)


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_each_type_is_written_shown_tried_and_edited(browser, kind):
    assert browser.get(reverse("assessment:new", args=[kind])).status_code == 200
    key, response = _new(browser, kind)
    page = reverse("assessment:question", args=[key])
    assert response.url == page

    shown = browser.get(page).content.decode()
    assert "银杏试题" in shown
    assert "银杏理由" not in shown
    assert "银杏理由" in browser.post(page, {}).content.decode()

    edit = reverse("assessment:edit", args=[key])
    assert "银杏试题" in browser.get(edit).content.decode()
    data = COMMON | FORMS[kind] | {"form_key": str(uuid7()), "base_number": "1", "stem": "改过的题干"}
    assert browser.post(edit, data).url == page
    assert browser.post(edit, data).url == page
    assert browser.post(edit, data | {"form_key": str(uuid7())}).status_code == 409
    assert [v.number for v in QuestionVersion.objects.all()] == [2, 1]
    listing = browser.get(reverse("assessment:questions"), {"kind": kind, "pool": "胸痛", "q": "改过"})
    assert "改过的题干" in listing.content.decode()


def test_an_incomplete_form_comes_back_with_what_was_typed(browser):
    _key, response = _new(browser, "single", right="7", stem="不要丢")

    assert response.status_code == 422
    assert "不要丢" in response.content.decode()
    assert Question.unscoped.count() == 0


def test_others_do_not_see_the_bank(browser):
    key, _response = _new(browser, "single")
    elsewhere, learner = Client(), Client()
    elsewhere.force_login(make_person(make_organisation(), "author"), backend="directory.backends.GrantBackend")
    learner.force_login(make_person(make_organisation()), backend="directory.backends.GrantBackend")
    page = reverse("assessment:question", args=[key])

    assert [c.get(page).status_code for c in (elsewhere, learner, Client())] == [404, 403, 302]
    assert "银杏试题" not in elsewhere.get(reverse("assessment:questions")).content.decode()


def test_an_option_is_added_by_a_button_and_nothing_is_lost_or_saved(browser):
    """Given four rows with two filled in, when a row is asked for, then five are shown with what was typed."""
    data = COMMON | FORMS["single"] | {"form_key": str(uuid7()), "base_number": "0", "add_row": "5"}
    answer = browser.post(reverse("assessment:new", args=["single"]), data)
    page = answer.content.decode()
    assert (answer.status_code, page.count('name="right"'), page.count('name="option_')) == (200, 5, 5)
    assert 'name="right" value="2" checked' in page
    assert "银杏试题" in page
    assert f'value="{data["form_key"]}"' in page
    assert Question.unscoped.count() == 0


def test_a_reviewer_sees_the_key_and_nobodys_answer(browser):
    _new_key, _response = _new(browser, "multiple")
    html = presenting.render_key(selectors.version_facts(QuestionVersion.objects.get().pk), key="k")
    assert html.count("is-right") == 2
    assert " checked" not in html
    assert "银杏理由" in html


@pytest.fixture
def two():
    """(browser of somebody who writes for two hospitals, the two)."""
    first, second = make_organisation(), make_organisation()
    person, client = make_person(first, "author"), Client()
    grant_role(person, "author", second)
    client.force_login(person, backend="directory.backends.GrantBackend")
    client.cookies["xinglin_language"] = "en"
    return client, first, second


def test_somebody_of_two_hospitals_says_whose_question_it_is(two):
    browser, first, second = two
    shown = BeautifulSoup(browser.get(reverse("assessment:new", args=["single"])).content, "html.parser")
    offered = [option["value"] for option in shown.select("select[name=organisation] option")]
    assert sorted(offered) == sorted(["", str(first.pk), str(second.pk)])

    # When nothing is chosen, or a stranger's, then nothing is saved; what was typed stays
    for wrong in ({}, {"organisation": str(make_organisation().pk)}):
        _key, answer = _new(browser, "single", **wrong)
        assert answer.status_code == 422
        assert "银杏试题" in answer.content.decode()
    assert Question.unscoped.count() == 0

    for hospital in (second, first):
        key, answer = _new(browser, "single", organisation=str(hospital.pk))
        assert answer.status_code == 302
        assert Question.unscoped.get(pk=key).organisation_id == hospital.pk
    edit = browser.get(reverse("assessment:edit", args=[key])).content.decode()
    assert 'name="organisation"' not in edit


def test_the_choice_stays_when_a_row_is_added(two):
    browser, _first, second = two
    data = COMMON | FORMS["single"] | {"form_key": str(uuid7()), "base_number": "0", "add_row": "5"}
    page = browser.post(reverse("assessment:new", args=["single"]), data | {"organisation": str(second.pk)})
    chosen = BeautifulSoup(page.content, "html.parser").select("select[name=organisation] option[selected]")
    assert [option["value"] for option in chosen] == [str(second.pk)]


def test_somebody_of_one_hospital_is_not_asked(browser):
    assert 'name="organisation"' not in browser.get(reverse("assessment:new", args=["single"])).content.decode()
