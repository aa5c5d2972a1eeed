"""Questions are written in versions that never change."""

from __future__ import annotations

import pytest

from assessment import api
from assessment.errors import InvalidQuestion, QuestionNotFound, StaleQuestion, VersionIsFrozen
from assessment.models import Question, QuestionVersion
from core.actor import Actor
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.ids import uuid7
from tests.assessment.conftest import CONTENT
from tests.factories.people import make_actor, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_organisation()


@pytest.fixture
def author(hospital) -> Actor:
    return make_actor(make_person(hospital, "author"))


def _create(author, hospital, now, **changes):
    values = {"kind": "single", "content": CONTENT["single"], "organisation_id": hospital.pk} | changes
    return api.create_question(actor=author, now=now, **values)


def test_a_question_is_created_once_for_one_form(author, hospital, now):
    key = uuid7()

    first = _create(author, hospital, now, question_id=key)
    second = _create(author, hospital, now, question_id=key)

    assert first == second
    assert Question.unscoped.count() == QuestionVersion.objects.count() == 1
    assert AuditEntry.objects.filter(action="question.created").count() == 1
    assert api.get_question_version(first).points == 2


def test_a_new_version_leaves_the_old_one_as_it_was(author, hospital, now):
    first = _create(author, hospital, now)
    question = Question.unscoped.get()

    second = api.new_version(
        actor=author,
        question_id=question.pk,
        base_number=1,
        content=CONTENT["single"] | {"points": 5},
        now=now,
    )

    assert [api.get_question_version(v).points for v in (first, second)] == [2, 5]
    assert [api.get_question_version(v).number for v in (first, second)] == [1, 2]
    question.refresh_from_db()
    assert question.latest_id == second


def test_saving_from_an_older_version_is_refused_and_saves_nothing(author, hospital, now):
    _create(author, hospital, now)
    question = Question.unscoped.get()
    api.new_version(actor=author, question_id=question.pk, base_number=1, content=CONTENT["single"], now=now)

    with pytest.raises(StaleQuestion):
        api.new_version(actor=author, question_id=question.pk, base_number=1, content=CONTENT["single"], now=now)

    assert QuestionVersion.objects.count() == 2


def test_a_stored_version_cannot_be_changed(author, hospital, now):
    version = QuestionVersion.objects.get(pk=_create(author, hospital, now))

    for change in (
        version.save,
        version.delete,
        QuestionVersion.objects.all().delete,
        lambda: QuestionVersion.objects.update(number=9),
    ):
        with pytest.raises(VersionIsFrozen):
            change()

    assert QuestionVersion.objects.get().number == 1


def test_only_an_editor_of_the_organisation_writes_and_reads(author, hospital, now):
    stranger = make_actor(make_person(make_organisation(), "author"))
    learner = make_actor(make_person(hospital))
    with pytest.raises(Forbidden):
        _create(learner, hospital, now)
    with pytest.raises(Forbidden):
        _create(stranger, hospital, now)
    assert Question.unscoped.count() == 0

    _create(author, hospital, now)
    question = Question.unscoped.get()
    with pytest.raises(QuestionNotFound):
        api.new_version(actor=stranger, question_id=question.pk, base_number=1, content=CONTENT["single"], now=now)
    assert QuestionVersion.objects.count() == 1


def test_an_incomplete_question_is_not_stored(author, hospital, now):
    with pytest.raises(InvalidQuestion):
        _create(author, hospital, now, content=CONTENT["single"] | {"answer": None})

    assert Question.unscoped.count() == 0
