"""The author's panel of the first screen: what came back first, one's own courses only."""

from __future__ import annotations

from cms.models import Course
from tests.factories.courses import make_course
from tests.factories.panels import cost_of, figures_of, offers, panel_of, status_of, titles_of

PANEL = "cms:desk_panel"


def test_what_came_back_stands_first_and_is_counted(house, now):
    make_course(house.author, house.hospital.pk, now, code="CARD-1")
    back = make_course(house.author, house.hospital.pk, now, code="CARD-2")
    Course.unscoped.filter(pk=back.pk).update(state="changes_requested", title="要改的课程")
    author = house.people.author
    assert figures_of(author, PANEL) == [1, 0, 1]
    assert titles_of(author, PANEL)[0] == "要改的课程"
    assert figures_of(house.people.outsider, PANEL) == [0, 0, 0]
    assert panel_of(house.people.outsider, PANEL).is_empty


def test_the_panel_costs_the_same_for_one_course_and_for_four(house, now):
    make_course(house.author, house.hospital.pk, now, code="CARD-1")
    cost = cost_of(house.people.author, PANEL)
    for number in (2, 3, 4):
        make_course(house.author, house.hospital.pk, now, code=f"CARD-{number}")
    assert cost_of(house.people.author, PANEL) == cost


def test_a_reviewer_has_no_such_panel(house):
    assert status_of(house.people.reviewer, PANEL) == 403
    assert not offers(house.people.reviewer, PANEL)
    assert offers(house.people.author, PANEL)
