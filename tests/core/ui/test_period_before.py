"""A figure is compared with the period before only where the area had data by then."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from core.ui import figures, registry
from core.ui.figures import Amount, Figure
from tests.factories.people import make_organisation, make_person

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


@pytest.fixture
def province(db):
    found = make_organisation(kind="authority", name="清江省卫生健康委员会")
    make_person(make_organisation(found))
    return found


def page_of(province, monkeypatch, *, before: Amount, began: bool, asked: list | None = None) -> tuple[str, str]:
    """The classes and the words under the figure: two silent hospitals of eighteen now, `before` a month earlier."""

    def by_organisation(question):
        return {province.pk: Amount(2, 18) if question.start.month == 3 else before}

    def has_begun(question):
        if asked is not None:
            asked.append((question.start.isoformat(), question.end.isoformat()))
        return began

    monkeypatch.setattr(figures, "_figures", {})
    monkeypatch.setattr(registry, "_panels", {})
    figures.register_figure(
        Figure("silent", "Silent", by_organisation, less_is_better=True, per="base", began=has_begun)
    )
    client = Client()
    client.force_login(
        make_person(province, "supervisor", language="zh-hans"), backend="directory.backends.GrantBackend"
    )
    lines = re.findall(r'<p class="(x-kpi__d[^"]*)">(.*?)</p>', client.get("/supervision/", MARCH).content.decode())
    classes, words = lines[-1]
    return classes, re.sub(r"<[^>]+>", "", words)


def test_before_the_first_data_nothing_improved(province, monkeypatch):
    asked: list = []

    shown = page_of(province, monkeypatch, before=Amount(18, 18), began=False, asked=asked)

    assert shown == ("x-kpi__d", "上期无数据")
    assert asked == [("2026-01-29", "2026-02-28")]


def test_eighteen_that_were_silent_while_others_asked_are_an_improvement(province, monkeypatch):
    assert page_of(province, monkeypatch, before=Amount(18, 18), began=True) == ("x-kpi__d is-ok", "比上期少 16")


def test_where_something_was_counted_nobody_asks_whether_it_had_begun(province, monkeypatch):
    asked: list = []

    shown = page_of(province, monkeypatch, before=Amount(5, 18), began=True, asked=asked)

    assert shown == ("x-kpi__d is-ok", "比上期少 3")
    assert asked == []
