"""How long the table beside the map is: cut where a hole would be left beside it, whole when asked for and on paper."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from core.ui import effects, figures, registry
from core.ui.area_table import Group, Line, groups_of
from core.ui.figures import Amount, Area, Cell, Figure
from core.ui.registry import Panel
from tests.factories.people import make_organisation, make_person


def lines(areas, apart=0):
    names = [*(f"A{n}" for n in range(areas)), *(f"H{n}" for n in range(apart))]
    cell = Cell(Amount(1), 1)
    return [
        Line(n + 1, Area(UUID(int=n), name, name, 2), [], name.startswith("H"), cell, 1.0)
        for n, name in enumerate(names)
    ]


def shape(groups):
    return [
        (group.is_apart, *([line.area.name for line in part] for part in (group.first, group.between, group.last)))
        for group in groups
    ]


def test_a_long_table_shows_the_first_and_the_last_rows():
    found = groups_of(lines(10), 6)

    assert shape(found) == [(False, ["A0", "A1", "A2"], ["A3", "A4", "A5", "A6", "A7"], ["A8", "A9"])]
    assert found[0].rows_left == (4, 8)


def test_what_stands_apart_opens_when_asked_for_unless_it_is_short_or_alone():
    assert shape(groups_of(lines(2, 3), 6)) == [(False, ["A0", "A1"], [], []), (True, [], ["H0", "H1", "H2"], [])]
    assert shape(groups_of(lines(2, 2), 6))[1] == (True, ["H0", "H1"], [], [])
    assert shape(groups_of(lines(0, 3), 6)) == [(True, ["H0", "H1", "H2"], [], [])]


def test_nothing_is_cut_without_a_limit_or_below_it():
    assert shape(groups_of(lines(30, 5), None))[0][1] == [f"A{n}" for n in range(30)]
    assert groups_of(lines(6), 6) == [Group(is_apart=False, first=lines(6))]


@pytest.fixture
def world(db, monkeypatch):
    """A province of sixteen cities, each with a number of its own."""
    province = make_organisation(kind="authority")
    numbers = {make_organisation(province, kind="authority").pk: Amount(n + 1) for n in range(16)}
    monkeypatch.setattr(figures, "_figures", {"n": Figure("n", "N", lambda question: numbers)})
    monkeypatch.setattr(effects, "_sources", {})
    monkeypatch.setattr(registry, "_panels", {})
    return province


def page_of(province, **query):
    client = Client()
    client.force_login(make_person(province, "supervisor", language="en"), backend="directory.backends.GrantBackend")
    return client.get("/supervision/", query)


def hidden_in(page):
    return [len(group.between) for group in page.context["groups"]]


def test_rows_beside_the_map_are_cut_and_open_by_a_link_that_keeps_the_page(world):
    cut = page_of(world, figure="n")
    opened = page_of(world, figure="n", rows="all")

    assert hidden_in(cut) == [5]
    text = cut.content.decode()
    assert '<a class="x-link" href="?figure=n&amp;rows=all#by-area">Rows 10 to 14</a>' in text
    assert text.count("x-cell-link") == 16, "on paper every row stands"
    assert hidden_in(opened) == [0]
    assert '<a class="x-link" href="?figure=n#by-area">Show fewer rows</a>' in opened.content.decode()


def test_the_table_alone_is_never_cut(world):
    page = page_of(world, view="table")

    assert hidden_in(page) == [0]
    assert "Show fewer rows" not in page.content.decode()


def test_a_short_panel_stands_under_the_map_of_a_long_table_and_leaves_room_for_more_rows(world):
    registry.register_panel("supervision", Panel("short", "Short", "ui:notifications", is_beside=True))
    registry.register_panel("supervision", Panel("long", "Long", "ui:notifications"))

    page = page_of(world)

    text = page.content.decode()
    assert hidden_in(page) == [0]
    assert text.index('id="panel-short"') < text.index('id="areas"') < text.index('id="panel-long"')
    table = page_of(world, view="table").content.decode()
    assert table.index('id="areas"') < table.index('id="panel-long"')
    assert '<section class="x-card is-wide" aria-labelledby="panel-short">' in table, "low, so it takes a row"


def test_a_short_panel_stands_under_a_short_table(world):
    registry.register_panel("supervision", Panel("short", "Short", "ui:notifications", is_beside=True))
    city = make_organisation(world, kind="authority")
    make_organisation(city)

    text = page_of(world, org=str(city.pk)).content.decode()

    assert text.index('id="map"') < text.index('id="areas"') < text.index('id="panel-short"')
    assert text.count('id="panel-short"') == 1
