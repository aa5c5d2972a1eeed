"""Which questions an author may put into a unit: their own and their organisation's, by every door."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from assessment.api import create_question, new_version
from assessment.models import Question, QuestionVersion
from cms import selectors, services
from cms.errors import CourseNotReady, ReferenceRefused
from core.actor import SYSTEM
from core.audit.models import AuditEntry
from core.ids import uuid7
from tests.factories.courses import QUESTION, make_course, publish

SECRET = "别院的题干：哪一项先做？"
WHY = "别院的解释。"


def _browser(person):
    client = Client()
    client.force_login(person)
    client.cookies["xinglin_language"] = "en"
    return client


@pytest.fixture
def foreign(house, now):
    """A question of the other hospital: (its version's id, its author)."""
    content = QUESTION | {"stem": SECRET, "explanation": WHY}
    version_id = create_question(
        actor=house.outsider, organisation_id=house.elsewhere.pk, kind="single", content=content, now=now
    )
    return str(version_id)


@pytest.fixture
def course(house, now):
    return make_course(house.author, house.hospital.pk, now)


@pytest.fixture
def unit(course):
    return selectors.units_of(course)[0]


def _quiz(unit):
    return next(raw for raw in selectors.raw_blocks(unit) if raw["type"] == "quiz")


def _draft(course):
    return [selectors.raw_blocks(unit) for unit in selectors.units_of(course)]


def _wagtail_post(unit, references, heading="先做什么"):
    text, quiz = selectors.raw_blocks(unit)[:2]
    blocks = [("text", {"heading": heading, "text": rich_text("<p>先问时间。</p>")})]
    blocks += [("quiz", {"reference": reference}) for reference in references]
    data = nested_form_data(
        {
            "title": unit.title,
            "minutes": unit.minutes,
            "body": streamfield(blocks),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "comments-MIN_NUM_FORMS": 0,
            "comments-MAX_NUM_FORMS": 1000,
        }
    )
    return data | {"body-0-id": text["id"], "body-1-id": quiz["id"]}


def _editor_says(page):
    """The blocks and what stands in them: JSON within two attributes, where an escaped word counts too."""
    field = BeautifulSoup(page, "html.parser").select_one("[data-w-block-data-value]")
    parts = [json.loads(field[name]) for name in ("data-w-block-data-value", "data-w-block-arguments-value")]
    return json.dumps(parts, ensure_ascii=False)


def _stored_quizzes(course):
    (blocks,) = _draft(course)
    return [raw["value"]["reference"] for raw in blocks if raw["type"] == "quiz"]


def _put_in(house, course, unit, reference, now):
    """As it could have been done before anybody asked."""
    services.add_block(
        actor=SYSTEM,
        course_id=course.pk,
        unit_id=unit.pk,
        block_id=uuid7(),
        kind="quiz",
        value={"reference": reference},
        now=now,
    )


def test_the_full_editor_offers_no_question_of_another_hospital(house, course, unit, foreign):
    own = _quiz(unit)["value"]["reference"]
    page = _browser(house.people.author).get(f"/cms/pages/{unit.pk}/edit/").content.decode()
    shown = _editor_says(page)
    assert own in shown
    assert QUESTION["stem"] in shown
    assert "/cms/questions/choose/" in shown
    assert foreign not in page
    assert SECRET not in shown


def test_the_full_editor_refuses_the_id_of_a_foreign_question(house, course, unit, foreign):
    before, entries = _draft(course), AuditEntry.objects.count()
    own = _quiz(unit)["value"]["reference"]
    answer = _browser(house.people.author).post(f"/cms/pages/{unit.pk}/edit/", _wagtail_post(unit, [own, foreign]))
    assert answer.status_code == 200  # Wagtail shows the form again
    assert "Select a valid choice" in answer.content.decode()
    assert (_draft(course), AuditEntry.objects.count()) == (before, entries)


def test_a_unit_with_an_earlier_version_is_saved_in_the_full_editor(house, course, unit, now):
    # Given that the unit's question has a second version by now
    own = _quiz(unit)["value"]["reference"]
    question = Question.unscoped.get(versions=own)
    newer = QUESTION | {"stem": "第二版的题干？"}
    new_version(actor=house.author, question_id=question.pk, base_number=1, content=newer, now=now)
    browser = _browser(house.people.author)
    # When the author opens it and changes a heading
    page = browser.get(f"/cms/pages/{unit.pk}/edit/").content.decode()
    shown = _editor_says(page)
    answer = browser.post(f"/cms/pages/{unit.pk}/edit/", _wagtail_post(unit, [own], heading="新的小标题"))
    # Then the old version is offered as such, and stays
    assert "(v1) (as chosen before)" in shown
    assert answer.status_code == 302
    (blocks,) = _draft(course)
    assert [raw["value"] for raw in blocks if raw["type"] == "quiz"] == [{"reference": own}]
    assert blocks[0]["value"]["heading"] == "新的小标题"


def test_the_desks_lead_saves_a_unit_whose_questions_they_may_not_choose(house, course, unit):
    own = _quiz(unit)["value"]["reference"]
    browser = _browser(house.people.editor)
    page = browser.get(f"/cms/pages/{unit.pk}/edit/")
    assert "(v1) (as chosen before)" in _editor_says(page.content.decode())
    answer = browser.post(f"/cms/pages/{unit.pk}/edit/", _wagtail_post(unit, [own], heading="换了"))
    assert answer.status_code == 302
    (blocks,) = _draft(course)
    assert blocks[0]["value"]["heading"] == "换了"
    assert blocks[1]["value"] == {"reference": own}


def test_the_plain_form_and_the_service_refuse_a_foreign_question(house, course, unit, foreign, now):
    before, browser = _draft(course), _browser(house.people.author)
    address = f"/courses/desk/{course.pk}/units/{unit.pk}/blocks/"
    added = browser.post(f"{address}add/quiz/", {"form_key": str(uuid7()), "reference": foreign})
    changed = browser.post(
        f"{address}{_quiz(unit)['id']}/", {"revision": unit.latest_revision_id, "reference": foreign}
    )
    assert (added.status_code, changed.status_code) == (422, 422)
    for actor in (house.author, house.editor):
        with pytest.raises(ReferenceRefused):
            services.add_block(
                actor=actor,
                course_id=course.pk,
                unit_id=unit.pk,
                block_id=uuid7(),
                kind="quiz",
                value={"reference": foreign},
                now=now,
            )
        with pytest.raises(ReferenceRefused):
            services.change_block(
                actor=actor,
                course_id=course.pk,
                unit_id=unit.pk,
                revision_id=None,
                block_id=str(_quiz(unit)["id"]),
                value={"reference": foreign},
                now=now,
            )
    assert _draft(course) == before


def test_the_desk_shows_nothing_of_a_question_that_nobody_may_have_put_there(house, course, unit, foreign, now):
    _put_in(house, course, unit, foreign, now)
    before = course.state
    for person in (house.people.author, house.people.editor):
        browser = _browser(person)
        page = browser.get(f"/courses/desk/{course.pk}/units/{unit.pk}/").content.decode()
        editor = browser.get(f"/cms/pages/{unit.pk}/edit/").content.decode()
        assert QUESTION["explanation"] in page
        assert SECRET not in page
        assert WHY not in page
        assert "None of the authors may choose what this block refers to." in page
        assert SECRET not in _editor_says(editor)
        assert SECRET not in editor
        assert "no longer offered" in _editor_says(editor)
    with pytest.raises(CourseNotReady) as refused:
        services.submit_course(actor=house.author, course_id=course.pk, now=now)
    assert [len(sentences) for sentences in refused.value.fields.values()] == [1]
    course.refresh_from_db()
    assert (course.state, course.round_id) == (before, None)


def test_what_an_author_wrote_stays_readable_when_they_have_left(house, course, unit, now):
    # Given that the course's only author holds no role any more
    house.people.author.grants.all().delete()
    # When the desk's lead, who may choose no question, opens the unit and hands it in
    page = _browser(house.people.editor).get(f"/courses/desk/{course.pk}/units/{unit.pk}/").content.decode()
    services.submit_course(actor=house.editor, course_id=course.pk, now=now)
    # Then the question is there
    assert QUESTION["explanation"] in page
    course.refresh_from_db()
    assert course.state == "in_review"


def test_the_edition_in_use_vouches_for_what_it_shows(house, course, unit, foreign, now):
    # Given an edition that shows a question of elsewhere (published before anybody asked)
    publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
    course.refresh_from_db()
    course.current_edition.references.create(node_key="x", kind="quiz", reference=foreign)
    services.revise_course(actor=house.author, course_id=course.pk, now=now)
    # When the author puts it back
    services.add_block(
        actor=house.author,
        course_id=course.pk,
        unit_id=unit.pk,
        block_id=uuid7(),
        kind="quiz",
        value={"reference": foreign},
        now=now,
    )
    page = _browser(house.people.author).get(f"/courses/desk/{course.pk}/units/{unit.pk}/").content.decode()
    assert SECRET in page


def test_an_earlier_version_of_ones_own_question_may_be_put_back(house, course, unit, now):
    own = _quiz(unit)["value"]["reference"]
    question = Question.unscoped.get(versions=own)
    newer = new_version(
        actor=house.author, question_id=question.pk, base_number=1, content=QUESTION | {"points": 3}, now=now
    )
    browser = _browser(house.people.author)
    assert browser.post(f"/cms/pages/{unit.pk}/edit/", _wagtail_post(unit, [str(newer)])).status_code == 302
    later = selectors.units_of(course)[0]
    # When the earlier one, which no list offers, comes back from an older revision
    assert browser.post(f"/cms/pages/{unit.pk}/edit/", _wagtail_post(later, [own])).status_code == 302
    assert _stored_quizzes(course) == [own]
    assert QuestionVersion.objects.filter(question=question).count() == 2
