"""What was asked for and supplied is read beside the record, at every width."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge import api
from tests.consult_bridge.test_next_step import bars, words
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import consult_in


@pytest.fixture
def at():
    return timezone.now()


def asked_and_supplied(bridge, at, state="assigned"):
    consult = consult_in(bridge, state, at)
    api.request_information(
        actor=bridge.expert, consult_id=consult.pk, reason="头痛在哪一侧？", now=at + timedelta(hours=1)
    )
    api.supply_information(actor=bridge.requester, consult_id=consult.pk, text="左侧。", now=at + timedelta(hours=2))
    return consult


def page_of(actor, consult, **query):
    return client_of(actor).get(reverse("consult_bridge:consult", args=[consult.pk]), query).content.decode()


@pytest.mark.parametrize("reader", ["expert", "requester", "coordinator"])
def test_question_and_answer_stand_in_the_record(bridge, at, reader):
    consult = asked_and_supplied(bridge, at)
    page = page_of(getattr(bridge, reader), consult, pane="rec")
    record = page[page.index('id="p-rec"') : page.index('id="p-img"')]
    said = re.search(r'id="answers">.*?</ul>', record, re.S)
    assert [words(line) for line in re.findall(r"<p>(.*?)</p>", said[0])] == ["头痛在哪一侧？", "左侧。"]
    assert [words(name) for name in re.findall(r"<b>(.*?)</b>", said[0])] == ["陈牧之", "林晓禾"]


def test_a_question_that_still_waits_is_not_shown_as_answered(bridge, at):
    consult = consult_in(bridge, "assigned", at)
    api.request_information(actor=bridge.expert, consult_id=consult.pk, reason="头痛在哪一侧？", now=at)
    assert 'id="answers"' not in page_of(bridge.expert, consult, pane="rec")


def test_the_answer_stands_on_top_until_the_consult_moves_on(bridge, at):
    consult = asked_and_supplied(bridge, at)
    first = ("mine", "What was asked for has come. 左侧。", ["Read it in the record"])
    assert bars(bridge.expert, consult.pk)[0] == first
    assert [bar[0] for bar in bars(bridge.requester, consult.pk)] == ["wait"]
    api.accept(actor=bridge.expert, consult_id=consult.pk, now=at + timedelta(hours=3))
    assert [bar[1] for bar in bars(bridge.expert, consult.pk)] == ["Write the opinion. Then a second doctor checks it."]


def test_a_returned_opinion_does_not_hide_the_answer(bridge, at):
    consult = consult_in(bridge, "under_review", at)
    api.return_opinion(actor=bridge.second, consult_id=consult.pk, reason="请补充。", now=at + timedelta(minutes=30))
    api.request_information(
        actor=bridge.expert, consult_id=consult.pk, reason="头痛在哪一侧？", now=at + timedelta(hours=1)
    )
    api.supply_information(actor=bridge.requester, consult_id=consult.pk, text="左侧。", now=at + timedelta(hours=2))
    assert [bar[1] for bar in bars(bridge.expert, consult.pk)] == [
        "What was asked for has come. 左侧。",
        "The second doctor returned the opinion. 请补充。",
    ]


def test_a_phone_has_a_tab_for_the_history(bridge, at):
    consult = consult_in(bridge, "assigned", at)
    page = page_of(bridge.expert, consult, pane="op", tab="history")
    tabs = re.search(r'<nav class="x-tabs x-cs__tabs.*?</nav>', page, re.S)
    current = re.findall(r'<a href="([^"]*)" aria-current="page">(.*?)</a>', tabs[0])
    assert current == [("?pane=op&amp;tab=history", "History")]


def assigned_with_note(bridge, at, note):
    consult = consult_in(bridge, "submitted", at)
    api.assign(actor=bridge.coordinator, consult_id=consult.pk, expert_id=bridge.expert.person_id, note=note, now=at)
    return consult


def note_shown(page):
    found = re.search(r'id="note-to-expert">(.*?)</div>', page, re.S)
    return words(found[1]) if found else ""


def test_the_note_to_the_expert_stands_beside_the_request(bridge, at):
    consult = assigned_with_note(bridge, at, "请先看第 2 个切面。")
    page = page_of(bridge.expert, consult, pane="rec")
    assert note_shown(page).startswith("Note to the expert请先看第 2 个切面。何以宁")
    record = page[page.index('id="p-rec"') : page.index('id="p-img"')]
    assert record.index("是否需要上转完善检查？") < record.index("请先看第 2 个切面。")


def test_without_a_note_or_with_another_expert_none_stands_there(bridge, at):
    assert note_shown(page_of(bridge.expert, assigned_with_note(bridge, at, ""))) == ""
    consult = assigned_with_note(bridge, at, "请先看第 2 个切面。")
    later = at + timedelta(hours=1)
    api.hand_back(actor=bridge.expert, consult_id=consult.pk, reason="不在本院。", now=later)
    assert note_shown(page_of(bridge.coordinator, consult)) == ""
