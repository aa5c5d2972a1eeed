"""A line of the ledger has two days: the one that it is counted by, and the one on which it was entered (ADR 0037)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.ui.figures import Question
from credits.models import CreditEntry
from credits.selectors import figures
from credits.services import crediting
from tests.credits.conftest import pass_course
from tests.factories.people import make_actor, make_person

pytestmark = pytest.mark.django_db
RULE = "冲销计入被冲销学分所属之日，已过月份的数字因此可能变化。"


@pytest.fixture
def reversed_later(entry, officer, now) -> CreditEntry:
    """The credit of 22 November, taken back on 2 December."""
    later = now.replace(month=12, day=2)
    return CreditEntry.unscoped.get(
        pk=crediting.reverse_entry(actor=officer, entry_id=entry.pk, reason="重复", now=later)
    )


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_each_line_of_the_transcript_says_when_it_was_entered(browser, reversed_later):
    year = {"year": 2026}

    screen, paper = (words_of(browser.get(reverse(f"credits:{name}"), year)) for name in ("transcript", "print"))
    table = browser.get(reverse("credits:export"), year).content.decode("utf-8-sig").splitlines()

    for page in (screen, paper):
        assert page.count("入账于 2026年11月22日") >= 1
        assert page.count("入账于 2026年12月2日") >= 1
        assert page.count("2026年11月22日") > page.count("入账于 2026年11月22日")
    assert RULE in screen
    assert table[0].split(",")[:4] == ["序号", "活动", "日期", "入账日期"]
    assert [line.split(",")[2:4] for line in table[1:3]] == [["2026-11-22", "2026-11-22"], ["2026-11-22", "2026-12-02"]]
    assert len({line.count(",") for line in table}) == 1


def test_the_office_puts_the_line_that_was_entered_last_first(officer_browser, entry, reversed_later, world, now):
    # given somebody else's credit of a later day, entered before the reversal
    passed = pass_course(make_person(world.hospital), world.edition, now + timedelta(days=4))
    crediting.credit_completion(completion_id=passed.pk, now=now + timedelta(days=4))

    page = officer_browser.get(reverse("credits:office"))

    days = [(each.earned_on.isoformat(), each.entered_on.isoformat()) for each, *_rest in page.context["rows"]]
    assert days == [("2026-11-22", "2026-12-02"), ("2026-11-26", "2026-11-26"), ("2026-11-22", "2026-11-22")]
    assert "最后入账的在前" in words_of(page)
    assert RULE in words_of(page)
    columns = re.findall(
        r'<td class="x-hide-sm x-nowrap"><time class="x-num" datetime="([^"]+)"', page.content.decode()
    )
    assert columns == [day for both in days for day in both]


def test_a_reversal_counts_in_the_month_of_the_credit_that_it_takes_back(entry, officer, world, now):
    reader = make_actor(make_person(world.hospital, "manager"), now)
    year_end = Question(reader, "training.manage", "", date(2026, 11, 1), date(2026, 12, 31))
    assert figures.credits_by_month(year_end) == [0.6, 0.0]

    crediting.reverse_entry(actor=officer, entry_id=entry.pk, reason="重复", now=now.replace(month=12, day=2))

    assert figures.credits_by_month(year_end) == [0.0, 0.0]
    browser = Client()
    browser.force_login(make_person(world.hospital, "supervisor"), backend="directory.backends.GrantBackend")
    november = {"from": "2026-11-01", "to": "2026-11-30"}
    shown = words_of(browser.get(reverse("credits:area_panel"), november, headers={"HX-Request": "true"}))
    assert "0.0 学分、0.0 学时，共 2 笔，其中冲销 1 笔" in shown
    assert RULE in shown
