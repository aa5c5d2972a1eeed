"""The second of two clicks on the course desk leads where the first one did, and nothing is done twice."""

from __future__ import annotations

import pytest
from django.test import Client

from cms import services
from cms.models import Course, CourseEdition
from core.audit.models import AuditEntry
from peer_review.api import standing_of
from peer_review.models import Assignment, ReviewRound
from tests.factories.courses import make_course, publish, report
from tests.factories.people import make_actor, make_person
from tests.factories.signing_in import sign_in

VERBS = {
    "submit": "course.submitted",
    "withdraw": "course.withdrawn",
    "publish": "course.published",
    "revise": "course.revised",
    "retire": "course.retired",
}
LATER = {
    "submit": "in_review",
    "withdraw": "draft",
    "publish": "published",
    "revise": "draft",
    "retire": "retired",
}


def peers(house):
    return [house.reviewer.person_id, house.reviewer2.person_id]


@pytest.fixture
def ready(house, now):
    """(course, somebody who may, what the form sends) for a verb of the desk."""

    def course_for(verb):
        course = make_course(house.author, house.hospital.pk, now)
        ids = {"course_id": course.pk, "now": now}
        if verb in {"withdraw", "publish"}:
            round_id = services.submit_course(actor=house.author, reviewer_ids=peers(house), **ids)
        if verb == "publish":
            for reviewer in (house.reviewer, house.reviewer2):
                report(reviewer, round_id, now)
            services.apply_decision(round_id=round_id, now=now)
        if verb in {"revise", "retire"}:
            publish(course, house.author, [house.reviewer, house.reviewer2], house.editor, now)
        person = house.people.author if verb in {"submit", "withdraw", "revise"} else house.people.editor
        form = {"reviewers": [str(pk) for pk in peers(house)]} if verb == "submit" else {}
        if verb == "withdraw":
            form = {"seen": standing_of(round_id).mark}
        return course, person, form

    return course_for


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_second_click_leads_on_and_does_nothing_twice(house, ready, verb):
    course, person, form = ready(verb)
    client, address = sign_in(Client(), person), f"/courses/desk/{course.pk}/{verb}/"
    # when the button is clicked twice
    answers = [client.post(address, form) for _click in range(2)]
    # then both lead to the course, and it was done once
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/courses/desk/{course.pk}/")] * 2
    assert AuditEntry.objects.filter(action=VERBS[verb], subject_id=str(course.pk)).count() == 1
    assert Course.unscoped.get(pk=course.pk).state == LATER[verb]
    assert ReviewRound.objects.filter(subject_id=course.pk).count() == 1
    assert CourseEdition.objects.filter(course=course).count() == (verb in {"publish", "revise", "retire"})


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_same_deed_of_somebody_else_is_refused(house, ready, now, verb):
    # given that one of two who may has done it
    course, person, form = ready(verb)
    other = make_person(house.hospital, "publisher")
    assert make_actor(other, now).may("course.publish", house.hospital.path)
    address = f"/courses/desk/{course.pk}/{verb}/"
    sign_in(Client(), person).post(address, form)
    before = AuditEntry.objects.count()
    # when the other does it too
    answer = sign_in(Client(), other).post(address, form)
    # then they are told that it is done, and nothing changes
    assert answer.status_code == 409
    assert AuditEntry.objects.exclude(action__contains="refused").count() == before
    assert Course.unscoped.get(pk=course.pk).state == LATER[verb]


def test_other_reviewers_in_a_second_window_are_no_second_click(house, ready, now):
    course, person, form = ready("submit")
    others = [make_person(house.elsewhere, "reviewer") for _two in range(2)]
    client, address = sign_in(Client(), person), f"/courses/desk/{course.pk}/submit/"
    client.post(address, form)
    assert client.post(address, {"reviewers": [str(other.pk) for other in others]}).status_code == 409
    assert set(Assignment.objects.values_list("reviewer_id", flat=True)) == set(peers(house))
