"""The case editor's panel of the first screen: drafts, proposals, opened releases of the own organisations."""

from __future__ import annotations

from tests.casebook.conftest import proposed
from tests.factories.consults import consult_in
from tests.factories.panels import cost_of, figures_of, offers, panel_of, status_of, titles_of

PANEL = "casebook:desk_panel"


def test_a_proposal_waits_then_its_release_is_opened(house, consult, opened, now):
    proposed(house, consult_in(house.bridge, "closed", now), now)
    assert figures_of(house.people["editor"], PANEL) == [1, 1, 0]
    assert figures_of(house.people["foreign_editor"], PANEL) == [0, 0, 0]
    assert panel_of(house.people["foreign_editor"], PANEL).is_empty


def test_a_draft_is_named_to_its_editors_only(house, draft):
    assert figures_of(house.people["editor"], PANEL) == [0, 0, 1]
    assert titles_of(house.people["editor"], PANEL) == [draft.content.get("title") or draft.case.code]
    assert titles_of(house.people["foreign_editor"], PANEL) == []


def test_a_reader_has_no_such_panel(house):
    assert status_of(house.people["reader"], PANEL) == 403
    assert not offers(house.people["reader"], PANEL)
    assert offers(house.people["editor"], PANEL)


def test_the_panel_costs_no_more_than_ten_queries(house, draft):
    assert cost_of(house.people["editor"], PANEL) <= 10
