"""The row "quality and effect": shares of the area by permission, in words, small ones of patients kept back."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from core.ui import effects, figures
from core.ui.effects import Effect, EffectSource
from core.ui.figures import Figure
from tests.factories.people import make_organisation, make_person

SPRING = {"from": "2026-03-01", "to": "2026-03-31"}
WORDS = "%(part)s of %(whole)s consults"


@pytest.fixture
def county(db):
    return make_organisation(make_organisation(kind="authority"), kind="authority", level=3)


@pytest.fixture
def asked(monkeypatch):
    """One source of four shares of patients; every question is remembered."""
    questions = []

    def read(question):
        questions.append(question)
        numbers = {"big": (1200, 1600), "even": (5, 5), "small": (1, 4), "none": (0, 0)}
        return [Effect(key, key.title(), *pair, WORDS, is_private=True) for key, pair in numbers.items()]

    monkeypatch.setattr(effects, "_sources", {})
    monkeypatch.setattr(figures, "_figures", {"n": Figure("n", "N", lambda question: {}, kind="share")})
    effects.register_effects(EffectSource("consults", read))
    return questions


def page_of(organisation, role="supervisor", **query):
    client = Client()
    client.force_login(make_person(organisation, role, language="en"), backend="directory.backends.GrantBackend")
    return client.get("/supervision/", SPRING | query)


def test_each_share_stands_with_what_is_divided_by_what(county, asked):
    page = page_of(county)

    assert [(e.key, e.percent, e.said) for e in page.context["effects"]] == [
        ("big", 75.0, "1,200 of 1,600 consults"),
        ("even", 100.0, "5 of 5 consults"),
        ("small", None, "1 of 4 consults"),
    ]
    text = page.content.decode()
    assert '<b class="x-num" data-effect="big">75.0%</b><span class="x-meta">1,200 of 1,600 consults</span>' in text
    assert [(q.permission, q.start, q.end) for q in asked] == [("supervise.view", date(2026, 3, 1), date(2026, 3, 31))]


def test_a_share_of_few_patients_is_not_written(county, asked):
    text = page_of(county).content.decode()

    assert '<b class="x-num" data-effect="small">–</b><span class="x-meta">of fewer than 5, not shown</span>' in text
    assert "1 of 4" not in text


def test_a_township_of_somebodys_area_shows_no_share_of_patients(county, asked):
    town = make_organisation(county, kind="township_centre", level=4)
    effects.register_effects(EffectSource("open", lambda question: [Effect("open", "Open", 1, 2, WORDS)], order=90))

    assert [e.key for e in page_of(county, org=str(town.pk)).context["effects"]] == ["open"]


def test_shares_are_shown_to_holders_of_their_permission_only(county, asked):
    page = page_of(county, "manager")

    assert (page.status_code, page.context["effects"], asked) == (200, [], [])
    assert "Quality and effect" not in page.content.decode()


def test_a_foreign_area_asks_for_nothing(county, asked):
    page = page_of(county, org=str(make_organisation(kind="authority").pk))

    assert "effects" not in page.context
    assert asked == []


def test_nothing_to_be_a_share_of_has_no_percent():
    assert Effect("a", "A", 0, 0, WORDS).percent is None
    assert Effect("a", "A", 1, 3, WORDS).percent == 33.3
