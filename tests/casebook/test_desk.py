"""The case desk: views with numbers, filters, progress of a review, actions by right, and nobody else's cases."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from casebook.desk import VIEWS, DeskFilters, desk_counts
from casebook.models import CaseVersion
from media_pipeline import api as media
from tests.casebook.conftest import browser, version_of
from tests.factories.signing_in import sign_in


def _put(draft, state, now, *, title="一个切面", approved=False, number=1):
    CaseVersion.unscoped.filter(pk=draft.pk).update(
        state=state,
        number=number,
        approved_at=now if approved else None,
        content={**draft.content, "title": title, "age_band": "60-69"},
    )
    return version_of(draft.pk)


def _page(person, query="", client=None):
    client = client or sign_in(Client(), person)
    client.cookies["xinglin_language"] = "en"
    answer = client.get(f"/cases/desk/{query}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def _titles(soup):
    return [row.get_text(strip=True) for row in soup.select(".x-desk__title")]


def _offered(soup):
    return [button.get_text(strip=True) for button in soup.select(".x-desk__do :is(a, button)")]


@pytest.mark.parametrize(
    ("state", "approved", "view", "offered"),
    [
        ("draft", False, "draft", ["Edit"]),
        ("in_review", False, "review", ["Read the frozen text", "Take back"]),
        ("in_review", True, "approved", ["Publish", "Read the frozen text", "Take back"]),
        ("published", True, "published", ["Open", "New version", "Retire"]),
        ("retired", True, "retired", ["Read the frozen text", "New version"]),
    ],
)
def test_each_state_stands_in_its_view_with_what_can_be_done(house, draft, now, state, approved, view, offered):
    # Given a version in this state
    _put(draft, state, now, approved=approved)
    client = browser(house.people["editor"])
    # Then it stands in its own view with its actions, and in no other but the one of what is in hand and in use
    assert _titles(_page(None, f"?tab={view}", client)) == ["一个切面"]
    assert _offered(_page(None, f"?tab={view}", client)) == offered
    holding = {name for name, number in desk_counts(house.editor, DeskFilters()).items() if number}
    assert holding == {view} | ({"open"} if state != "retired" else set())


def test_filters_find_by_title_number_and_specialty(house, draft, now):
    version = _put(draft, "published", now, approved=True)
    client = browser(house.people["editor"])
    for query, found in (
        ("?q=切面", 1),
        (f"?q={version.case.code.lower()}", 1),
        ("?q=骨折", 0),
        ("?specialty=cardiology", 1),
        ("?specialty=neurology", 0),
        ("?specialty=none&tab=none&page=x", 1),
    ):
        assert len(_titles(_page(None, query, client))) == found, query
    assert "No case fits these filters" in _page(None, "?q=骨折", client).get_text()


def test_retiring_asks_first(house, draft, now):
    _put(draft, "published", now, approved=True)
    soup = _page(house.people["editor"])
    dialog = soup.find(id=soup.select_one("form[data-confirm]")["data-confirm"])
    assert dialog.name == "dialog"
    assert "Courses that use this version keep it" in dialog.get_text()


def test_another_hospital_sees_none_of_it(house, draft, now):
    _put(draft, "published", now, approved=True)
    assert desk_counts(house.foreign_editor, DeskFilters()) == dict.fromkeys(VIEWS, 0)
    assert _titles(_page(house.people["foreign_editor"])) == []


def test_a_closed_release_takes_its_versions_from_every_view(house, draft, now):
    _put(draft, "published", now, approved=True)
    media.close_release(release_id=draft.release_id, reason="consent_withdrawn", now=now)
    assert desk_counts(house.editor, DeskFilters()) == dict.fromkeys(VIEWS, 0)
    assert _titles(_page(house.people["editor"])) == []
