"""Whoever wrote a part of a course, its questions too, is no reviewer of it."""

from __future__ import annotations

import pytest
from django.test import Client

from assessment.api import create_question, new_version
from assessment.models import Question
from cms import selectors, services
from peer_review import services as reviews
from peer_review.errors import ConflictOfInterest
from peer_review.models import Assignment, ReviewRound
from tests.factories.courses import QUESTION, make_course, put_block, put_in_department
from tests.factories.people import make_actor, make_person


@pytest.fixture
def writer(house, now):
    """Somebody who writes questions and reviews courses, in a department of their own."""
    person = make_person(house.hospital, "author", "reviewer")
    put_in_department(person, "neurology")
    return make_actor(person, now)


@pytest.fixture
def course(house, writer, now):
    """The author's course, with a question of the writer's."""
    made = make_course(house.author, house.hospital.pk, now)
    version = create_question(actor=writer, organisation_id=house.hospital.pk, kind="single", content=QUESTION, now=now)
    put_block(house.author, made, "quiz", {"reference": str(version)}, now)
    return made


def test_the_writer_of_a_question_is_not_asked_to_review_it(house, writer, course, now):
    # When the author hands the course in to the writer and to somebody free
    wanted = [writer.person_id, house.people.reviewer.pk]
    with pytest.raises(ConflictOfInterest):
        services.submit_course(actor=house.author, course_id=course.pk, reviewer_ids=wanted, now=now)
    # Then nothing is handed in
    course.refresh_from_db()
    assert (course.state, ReviewRound.objects.count(), Assignment.objects.count()) == ("draft", 0, 0)


def test_the_form_says_why_the_writer_is_not_offered(house, writer, course):
    browser = Client()
    browser.force_login(house.people.author)
    browser.cookies["xinglin_language"] = "en"
    page = browser.get(f"/courses/desk/{course.pk}/submit/").content.decode()
    name = writer.name
    assert f"{name} (wrote a part of it)" in page
    assert f'value="{writer.person_id}"' not in page
    assert f'value="{house.people.reviewer.pk}"' in page


def test_nor_is_the_writer_of_any_version_or_asked_in_the_place_of_another(house, writer, course, now):
    # Given that the first reviewer is the only one left besides the writer
    version = next(raw for raw in selectors.raw_blocks(selectors.units_of(course)[0])[1:])["value"]["reference"]
    question = Question.unscoped.get(versions=version)
    new_version(actor=writer, question_id=question.pk, base_number=1, content=QUESTION | {"points": 3}, now=now)
    round_id = services.submit_course(actor=house.author, course_id=course.pk, now=now)
    asked = set(Assignment.objects.filter(round=round_id).values_list("reviewer_id", flat=True))
    assert asked == {house.people.reviewer.pk, house.people.reviewer2.pk}
    row = ReviewRound.objects.get(pk=round_id)
    assert set(row.contributor_ids) == {str(writer.person_id), str(house.author.person_id)}
    # When one of the two steps back
    mine = Assignment.objects.get(round=round_id, reviewer=house.people.reviewer)
    reviews.declare_conflict(actor=house.reviewer, assignment_id=mine.pk, reason="同一课题组", now=now)
    # Then the writer is not asked in their place
    assert not Assignment.objects.filter(round=round_id, reviewer=writer.person_id).exists()


def test_a_colleague_of_the_writer_may_review(house, writer, course, now):
    colleague = make_person(house.hospital, "reviewer")
    put_in_department(colleague, "neurology")
    wanted = [colleague.pk, house.people.reviewer.pk]
    round_id = services.submit_course(actor=house.author, course_id=course.pk, reviewer_ids=wanted, now=now)
    assert Assignment.objects.filter(round=round_id).count() == 2
