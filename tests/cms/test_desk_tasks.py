"""What waits for the course desk on the first screen: whose it is, and what asking costs."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation

from cms import shell
from cms.models import Course
from directory.models import RoleGrant
from tests.factories.courses import make_course
from tests.factories.people import make_actor, make_person


def in_states(house, now, *states: str) -> None:
    """A course of the author's in each of these states, called like it."""
    for number, state in enumerate(states):
        course = make_course(house.author, house.hospital.pk, now, code=f"CARD-3{number}", title=state)
        Course.unscoped.filter(pk=course.pk).update(state=state)


def told(actor, now) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(str(task.title), str(task.action)) for task in shell.tasks(actor, now)]


def test_each_course_waits_for_whoever_can_go_on_with_it(house, now):
    in_states(house, now, "changes_requested", "approved", "in_review")

    assert told(house.author, now) == [("changes_requested", "Read the reports")]
    assert sorted(told(house.editor, now)) == [("approved", "Publish"), ("changes_requested", "Read the reports")]
    # an author of elsewhere, and a colleague who writes none of them
    assert told(house.outsider, now) == []
    assert told(make_actor(make_person(house.hospital, "author"), now), now) == []


def test_an_author_who_lost_the_role_is_asked_for_nothing(house, now):
    in_states(house, now, "changes_requested")
    RoleGrant.objects.filter(person=house.people.author).update(ends_at=now - timedelta(days=1))

    assert told(make_actor(house.people.author, now), now) == []


def test_many_courses_cost_what_one_costs_and_who_has_no_desk_pays_nothing(house, now, django_assert_num_queries):
    in_states(house, now, *["changes_requested"] * 4)
    learner = make_actor(make_person(house.hospital), now)

    with django_assert_num_queries(2):  # those that lost a case, those that wait
        assert told(house.author, now) == [("changes_requested", "Read the reports")] * 4
    with django_assert_num_queries(0):
        assert told(learner, now) == []
