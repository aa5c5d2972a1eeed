"""The learner's panel of the first screen: where I was, mine alone."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from cms import api as cms
from core.ids import uuid7
from lms.models import Enrolment, Progress
from lms.services import enrolling
from lms.shell import learning_tasks
from tests.factories.courses import make_course, publish
from tests.factories.panels import cost_of, figures_of, offers, panel_of, titles_of
from tests.factories.people import make_person

PANEL = "lms:mine_panel"


def enrol_in_more(world, actor, now, number):
    for place in range(number):
        course = make_course(world.author, world.hospital.pk, now - timedelta(days=9), code=f"CARD-2{place}")
        edition = publish(course, world.author, world.reviewers, world.editor, now - timedelta(days=9))
        enrolling.enrol(actor=actor, edition_id=edition, now=now, enrolment_id=uuid7())


def test_the_panel_leads_to_the_next_unit_and_counts_my_own(world, learner, enrolment_id):
    line = panel_of(learner, PANEL).lines[0]
    assert (line.title, line.url) == (world.edition.title, reverse("lms:unit", args=[enrolment_id, 1]))
    assert figures_of(learner, PANEL) == [1, 0]
    other = make_person(world.hospital)
    assert (titles_of(other, PANEL), figures_of(other, PANEL)) == ([], [0, 0])
    assert panel_of(other, PANEL).is_empty


def test_the_course_that_was_open_last_comes_first(world, learner, actor, enrolment_id, now):
    enrol_in_more(world, actor, now, 1)
    Progress.objects.filter(enrolment=enrolment_id).update(updated_at=now + timedelta(hours=1))
    assert panel_of(learner, PANEL).lines[0].url == reverse("lms:unit", args=[enrolment_id, 1])


def test_the_panel_costs_the_same_for_three_courses_and_for_five(world, learner, actor, enrolment_id, now):
    enrol_in_more(world, actor, now, 2)
    cost = cost_of(learner, PANEL)
    for place in range(2):
        course = make_course(world.author, world.hospital.pk, now - timedelta(days=9), code=f"CARD-3{place}")
        edition = publish(course, world.author, world.reviewers, world.editor, now - timedelta(days=9))
        enrolling.enrol(actor=actor, edition_id=edition, now=now, enrolment_id=uuid7())
    assert Enrolment.unscoped.count() == 5
    assert cost_of(learner, PANEL) == cost


def test_everybody_who_is_signed_in_has_it(world, learner):
    assert offers(learner, PANEL)


def test_four_courses_cost_the_first_screen_what_one_costs(world, actor, enrolment_id, now, django_assert_num_queries):
    def waiting() -> int:
        with django_assert_num_queries(2):  # the enrolments, what stands beside their editions
            return len(list(learning_tasks(actor, now)))

    cms.get_edition(world.edition.id)
    assert waiting() == 1
    enrol_in_more(world, actor, now, 3)
    for row in Enrolment.unscoped.all():
        cms.get_edition(row.edition_id)
    assert waiting() == 4


def test_three_lines_of_the_panel_cost_what_one_costs(world, learner, actor, enrolment_id, now):
    cost = cost_of(learner, PANEL)
    enrol_in_more(world, actor, now, 2)
    assert len(panel_of(learner, PANEL).lines) == 3
    assert cost_of(learner, PANEL) == cost
