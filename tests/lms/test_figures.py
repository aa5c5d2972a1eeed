"""Learning of an area: whose it is, and in which order the organisations stand."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from core.ui.figures import Question
from lms import api
from lms.models import Attempt
from lms.selectors import figures
from tests.credits.conftest import pass_course
from tests.factories.people import make_actor, make_organisation, make_person

pytestmark = pytest.mark.django_db
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def reader(world):
    return make_person(world.hospital.parent, "supervisor")


def test_people_of_authorities_are_in_no_number_of_an_area(world, learner, reader, now):
    # given a learner and an official of the hospital's authority who passed the same course
    for person in (learner, make_person(world.hospital.parent)):
        pass_course(person, world.edition, now)

    # when the area is read
    found = figures.learning(make_actor(reader, now), "", *NOVEMBER)
    question = Question(make_actor(reader, now), "supervise.view", "", *NOVEMBER)

    # then the learner alone is counted, and no authority stands among the hospitals
    assert (found.enrolled, found.passed, found.learners) == (1, 1, 1)
    assert [(row.name, row.enrolled, row.passed) for row in found.rows] == [(world.hospital.name, 1, 1)]
    assert figures.passed_by_organisation(question) == {world.hospital.pk: 1}
    assert figures.passed_by_month(question) == [1.0]


def test_shares_of_learning_are_counted_by_enrolment_and_by_pass(world, learner, reader, now):
    # given one who passed at once, one who passed at a second go, one who only enrolled, and an official who passed
    pass_course(learner, world.edition, now)
    again = pass_course(make_person(world.hospital), world.edition, now)
    Attempt.objects.create(enrolment=again.enrolment, unit_key="x", number=2, started_at=now, submitted_at=now)
    api.enrol(actor=make_actor(make_person(world.hospital), now), edition_id=world.edition.id, now=now)
    pass_course(make_person(world.hospital.parent), world.edition, now)

    # when the area is read, this month and the next
    november = Question(make_actor(reader, now), "supervise.view", "", *NOVEMBER)
    december = Question(make_actor(reader, now), "supervise.view", "", date(2026, 12, 1), date(2026, 12, 31))

    # then two of three enrolments are passed, one of two passes needed no second attempt
    assert figures.passed_of_enrolled(november) == (2, 3)
    assert figures.passed_at_once(november) == (1, 2)
    assert (figures.passed_of_enrolled(december), figures.passed_at_once(december)) == ((0, 0), (0, 0))


def test_organisations_stand_by_level_in_the_table_and_in_its_file(world, learner, reader, now):
    small, big = (make_organisation(world.hospital.parent, level=level, name=f"{level}级医院") for level in (3, 1))
    for person in (learner, *(make_person(place) for place in (small, small, small, big))):
        api.enrol(actor=make_actor(person, now), edition_id=world.edition.id, now=now)
    browser = Client()
    browser.force_login(reader, backend="directory.backends.GrantBackend")
    november = {"from": "2026-11-01", "to": "2026-11-30"}

    page = browser.get(reverse("lms:learning_panel"), november)
    table = browser.get(reverse("lms:learning_panel"), {**november, "format": "csv"})

    expected = [("1级医院", 1), (world.hospital.name, 1), ("3级医院", 3)]
    assert [(row.name, row.enrolled) for row in page.context["figures"].rows] == expected
    lines = table.content.decode("utf-8-sig").splitlines()[1:]
    assert lines == [f"{name},{enrolled},0" for name, enrolled in expected]
