"""The reviewer's panel of the first screen: the reports that are due, one's own only."""

from __future__ import annotations

from datetime import timedelta

from peer_review.models import ReviewRound
from tests.factories.panels import cost_of, figures_of, offers, panel_of, status_of, titles_of

PANEL = "peer_review:due_panel"


def test_a_report_is_due_to_its_reviewers_and_late_after_its_date(house, open_for, now):
    round_id = open_for(house.reviewer, house.reviewer2)
    assert titles_of(house.people.reviewer, PANEL) == ["Thing"]
    assert panel_of(house.people.colleague, PANEL).is_empty
    ReviewRound.objects.filter(pk=round_id).update(due_at=now - timedelta(days=900))
    assert figures_of(house.people.reviewer, PANEL) == [1, 1]


def test_the_panel_costs_the_same_for_one_report_and_for_three(house, open_for):
    open_for(house.reviewer, house.reviewer2)
    cost = cost_of(house.people.reviewer, PANEL)
    for _more in range(2):
        open_for(house.reviewer, house.reviewer2)
    assert cost_of(house.people.reviewer, PANEL) == cost


def test_an_author_has_no_such_panel(house):
    assert status_of(house.people.author, PANEL) == 403
    assert not offers(house.people.author, PANEL)
    assert offers(house.people.reviewer, PANEL)
