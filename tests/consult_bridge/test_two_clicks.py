"""Two clicks on one button are one deed: the second is led on like the first, and is neither refused nor a fault."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from django.utils import timezone

from consult_bridge import api
from consult_bridge.models import Consult, ConsultStep, OpinionRevision, ReportRevision, UnsavedText
from consult_bridge.vocabulary import time_allowed
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.notify.models import Notification
from core.states import WrongState
from tests.consult_bridge.test_pages import client_of
from tests.consult_bridge.test_pages_of_earlier_versions import OfOpinion, OfReport
from tests.factories.consults import REPORT, TEXT, consult_in, report_in
from tests.factories.people import make_actor, make_person

OPINION = asdict(TEXT) | {"revision": "1"}
REASON = {"reason": "今日手术，请另派。"}
DECLINE = {"action": "decline", "decline-reason": "不属于本院。"}
BUTTONS = {
    "ask as coordinator": ("coordinator", "assigned", "ask", REASON, "awaiting_information"),
    "ask as expert": ("expert", "accepted", "ask", REASON, "awaiting_information"),
    "ask at triage": ("coordinator", "submitted", "ask", REASON, "awaiting_information"),
    "start triage": ("coordinator", "submitted", "triage", {"action": "start"}, "in_triage"),
    "decline": (
        "coordinator",
        "submitted",
        "triage",
        DECLINE,
        "declined",
    ),
    "accept": ("expert", "assigned", "accept", {}, "accepted"),
    "hand back": ("expert", "accepted", "hand-back", REASON, "in_triage"),
    "submit": ("expert", "drafting", "opinion", OPINION | {"action": "submit"}, "under_review"),
    "return": ("second", "under_review", "opinion", OPINION | REASON | {"action": "return"}, "drafting"),
    "sign": ("second", "under_review", "opinion", OPINION | {"action": "sign"}, "signed"),
    "take back": ("expert", "under_review", "opinion", {"action": "take_back"}, "drafting"),
    "cancel": ("requester", "submitted", "cancel", REASON, "cancelled"),
    "close": ("requester", "signed", "close", {"outcome": "referred", "usefulness": "5", "comment": ""}, "closed"),
}


def traces(consult_id):
    """What one deed leaves: steps, notices and the trail, without what reading leaves."""
    trail = AuditEntry.objects.exclude(action__contains="read").exclude(action__contains="sign_in")
    return (
        ConsultStep.objects.filter(consult=consult_id).count(),
        Notification.objects.count(),
        trail.count(),
        Consult.unscoped.get(pk=consult_id).revision,
    )


@pytest.mark.parametrize("name", BUTTONS)
def test_the_second_click_is_led_on_and_changes_nothing(bridge, name):
    who, state, page, form, becomes = BUTTONS[name]
    consult = consult_in(bridge, state, timezone.now() - timedelta(hours=1))
    client, url = client_of(getattr(bridge, who)), f"/consults/{consult.pk}/{page}/"
    first = client.post(url, form)
    assert (first.status_code, Consult.unscoped.get(pk=consult.pk).state) == (302, becomes)
    left = traces(consult.pk)

    second = client.post(url, form)

    assert (second.status_code, second.url) == (302, first.url)
    assert traces(consult.pk) == left
    assert not AuditEntry.objects.filter(action="refused").exists()


def test_so_it_is_with_an_assignment_and_another_urgency_is_none(bridge):
    consult = consult_in(bridge, "submitted", timezone.now() - timedelta(hours=1))
    client, url = client_of(bridge.coordinator), f"/consults/{consult.pk}/triage/"
    form = {"action": "assign", "expert": str(bridge.expert.person_id), "urgency": "routine", "note": "请看室壁。"}
    first = client.post(url, form)
    assert (first.status_code, Consult.unscoped.get(pk=consult.pk).state) == (302, "assigned")
    left = traces(consult.pk)

    second = client.post(url, form)

    assert (second.status_code, second.url) == (302, first.url)
    assert traces(consult.pk) == left
    assert client.post(url, form | {"urgency": "stat"}).status_code == 302
    assert Consult.unscoped.get(pk=consult.pk).urgency == "stat"
    assert ConsultStep.objects.filter(consult=consult, verb="assign").count() == 2


@pytest.mark.parametrize(
    ("who", "state", "form"),
    [
        ("writer", "drafting", {"action": "submit"}),
        ("writer", "under_review", {"action": "take_back"}),
        ("second", "under_review", {"action": "return", "reason": "请写明未评价的部分。"}),
        ("second", "under_review", {"action": "sign"}),
    ],
)
def test_so_it_is_with_a_report(bridge, who, state, form):
    report = report_in(bridge, state, timezone.now() - timedelta(hours=1))
    url = f"/consults/{report.consult_id}/studies/{report.study_id}/report/"
    client, sent = client_of(getattr(bridge, who)), asdict(REPORT) | {"revision": "1"} | form
    assert client.post(url, sent).status_code == 302
    left = traces(report.consult_id)
    assert client.post(url, sent).status_code == 302
    assert traces(report.consult_id) == left
    assert not AuditEntry.objects.filter(action="refused").exists()


def test_the_same_words_of_another_person_or_other_words_are_no_second_click(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    api.return_opinion(actor=bridge.second, consult_id=consult.pk, reason="请补充右室。", now=now)
    words = ((bridge.writer, "请补充右室。", Forbidden), (bridge.second, "请补充左室。", WrongState))
    for actor, reason, refusal in words:
        with pytest.raises(refusal):
            api.return_opinion(actor=actor, consult_id=consult.pk, reason=reason, now=now)
    assert ConsultStep.objects.filter(consult=consult, verb="return_opinion").count() == 1


def test_the_same_deed_later_on_is_a_new_one(bridge, now):
    consult = consult_in(bridge, "assigned", now)
    call = {"consult_id": consult.pk, "now": now + timedelta(hours=1)}
    for _round in range(2):
        api.request_information(actor=bridge.coordinator, reason="缺心电图。", **call)
        api.supply_information(actor=bridge.requester, text="已补。", **call)
    assert ConsultStep.objects.filter(consult=consult, verb="request_information").count() == 2
    api.accept(actor=bridge.expert, **call)
    api.request_information(actor=bridge.coordinator, reason="缺心电图。", **call)
    with pytest.raises(WrongState):
        api.accept(actor=bridge.expert, **call)


def test_another_text_that_is_submitted_once_more_is_not_swallowed(bridge):
    consult = consult_in(bridge, "drafting", timezone.now() - timedelta(hours=1))
    client, url = client_of(bridge.expert), f"/consults/{consult.pk}/opinion/"
    client.post(url, OPINION | {"action": "submit"})
    changed = asdict(replace(TEXT, findings="改过的所见。")) | {"revision": "1", "action": "submit"}
    answer = client.post(url, changed)
    assert (answer.status_code, "改过的所见。" in answer.content.decode()) == (409, True)


def test_a_report_with_a_critical_value_is_submitted_once_by_two_clicks(bridge):
    critical = replace(REPORT, critical_value="大量心包积液，请立即处理。")
    report = report_in(bridge, "drafting", timezone.now() - timedelta(hours=1), text=critical)
    url = f"/consults/{report.consult_id}/studies/{report.study_id}/report/"
    client, sent = client_of(bridge.writer), asdict(critical) | {"revision": "1", "action": "submit"}
    assert client.post(url, sent).status_code == 302
    left = traces(report.consult_id)
    assert client.post(url, sent).status_code == 302
    assert traces(report.consult_id) == left
    assert not UnsavedText.objects.exists()


def saved_texts() -> int:
    return OpinionRevision.objects.count() + ReportRevision.objects.count()


both = pytest.mark.parametrize("kind", [OfOpinion, OfReport])
STALE = "changed after you opened it. Your text was not saved."


@both
@pytest.mark.parametrize(("state", "who"), [("drafting", "writer"), ("under_review", "second")])
def test_two_clicks_on_save_keep_one_text(bridge, kind, state, who):
    # given the page of its writer, or of the second doctor who changes it
    document = kind(bridge, state)
    person = document.writer if who == "writer" else who
    sent = {"revision": document.revision(person), "impression": "改过的印象。"}
    first, before = document.post(person, "save", **sent), saved_texts()
    consult_id = document.model.unscoped.get().consult_id
    rows, left = document.rows(), traces(consult_id)
    # when
    second = document.post(person, "save", **sent)
    # then
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert (document.rows(), traces(consult_id), saved_texts()) == (rows, left, before)
    # and another text of the same page met a newer one, as did another template
    for other in ({"impression": "另一窗口里的印象。"}, {"template": "general"}):
        late = document.post(person, "save", **sent | other)
        assert (late.status_code, STALE in late.content.decode()) == (409, True)
    assert document.rows() == rows


@both
@pytest.mark.parametrize(("typed", "left"), [("改过的印象。", 0), ("此后写的印象。", 1)])
def test_between_two_clicks_only_the_same_text_is_forgotten(bridge, kind, typed, left):
    # given a text that was saved, and what the script of a page kept after that
    document = kind(bridge, "drafting")
    sent = {"revision": document.revision(document.writer), "impression": "改过的印象。"}
    assert document.post(document.writer, "save", **sent).status_code == 302
    document.autosave(document.writer, **sent | {"impression": typed})
    assert UnsavedText.objects.count() == 1
    # when the second click comes
    assert document.post(document.writer, "save", **sent).status_code == 302
    # then what was typed since is still there
    assert UnsavedText.objects.count() == left


@both
def test_what_was_returned_is_not_submitted_again_by_an_old_window(bridge, kind):
    # given two windows of the writer; what the first submitted was returned
    document = kind(bridge, "drafting")
    sent = {"revision": document.revision(document.writer)}
    checker = "expert" if kind is OfReport else "second"
    assert document.post(document.writer, "submit", **sent).status_code == 302
    returned = document.post(checker, "return", revision=document.revision(checker), reason="请补印象。")
    assert returned.status_code == 302
    rows = document.rows()
    # when the second submits the same
    late = document.post(document.writer, "submit", **sent)
    # then the reason stands, and nobody checks it again
    assert (late.status_code, STALE in late.content.decode()) == (409, True)
    assert document.rows() == rows


@pytest.mark.parametrize("page", ["opinion", "report"])
def test_so_it_is_with_the_first_save(bridge, page):
    # given a consult without a text, or with a report that was given up
    before = timezone.now() - timedelta(hours=1)
    if page == "opinion":
        consult_id = consult_in(bridge, "accepted", before).pk
        client, url, text = client_of(bridge.expert), f"/consults/{consult_id}/opinion/", asdict(TEXT)
    else:
        report = report_in(bridge, "drafting", before)
        consult_id, url = report.consult_id, f"/consults/{report.consult_id}/studies/{report.study_id}/report/"
        client, text = client_of(bridge.writer), asdict(REPORT)
        assert client.post(url, {"action": "give_up", "revision": "1"}).status_code == 302
    sent = text | {"action": "save", "revision": "0"}
    # when
    first, saved = client.post(url, sent), saved_texts()
    left = traces(consult_id)
    second = client.post(url, sent)
    # then
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert (traces(consult_id), saved_texts()) == (left, saved)
    assert client.post(url, sent | {"impression": "另写。"}).status_code == 409


@both
def test_the_same_text_that_another_person_saved_is_no_first_click(bridge, kind):
    # given two second doctors with the same page of a text under review
    document = kind(bridge, "under_review")
    document.bridge = replace(bridge, outsider=make_actor(make_person(bridge.centre, "expert")))
    sent = {"revision": document.revision("second"), "impression": "改过的印象。"}
    assert document.post("second", "save", **sent).status_code == 302
    rows = document.rows()
    # when the other one sends the same
    late = document.post("outsider", "save", **sent)
    # then
    assert (late.status_code, STALE in late.content.decode()) == (409, True)
    assert document.rows() == rows


@pytest.mark.parametrize("state", ["assigned", "accepted"])
@pytest.mark.parametrize("note", ["", "请看室壁。"])
def test_a_stale_assignment_of_who_has_it_already_is_led_on(bridge, state, note):
    # given one who was assigned with a note and perhaps has accepted
    before = timezone.now() - timedelta(hours=1)
    consult = consult_in(bridge, "submitted", before)
    call = {"consult_id": consult.pk, "now": before}
    api.assign(actor=bridge.coordinator, expert_id=bridge.expert.person_id, note="请看室壁。", **call)
    if state == "accepted":
        api.accept(actor=bridge.expert, **call)
    client, url = client_of(bridge.coordinator), f"/consults/{consult.pk}/triage/"
    assert client.get(url).status_code == 200
    left = traces(consult.pk)
    # when the page that was open before assigns the same one
    form = {"action": "assign", "expert": str(bridge.expert.person_id), "urgency": consult.urgency, "note": note}
    again = client.post(url, form)
    # then
    assert again.status_code == 302
    assert Consult.unscoped.get(pk=consult.pk).state == state
    assert traces(consult.pk) == left


@pytest.mark.parametrize(
    ("urgency", "note", "kept"), [("stat", "", "请看室壁。"), ("urgent", "请先看心电图。", "请先看心电图。")]
)
def test_another_urgency_or_note_reaches_who_accepted_and_takes_nothing_back(bridge, now, urgency, note, kept):
    consult = consult_in(bridge, "submitted", now)
    call = {"consult_id": consult.pk, "now": now}
    api.assign(actor=bridge.coordinator, expert_id=bridge.expert.person_id, note="请看室壁。", **call)
    api.accept(actor=bridge.expert, **call)
    api.assign(actor=bridge.coordinator, expert_id=bridge.expert.person_id, urgency=urgency, note=note, **call)
    consult.refresh_from_db()
    assert (consult.state, consult.urgency) == ("accepted", urgency)
    assert consult.due_at == now + time_allowed(urgency)
    last = consult.steps.last()
    assert (last.verb, last.to_state, last.note, last.assigned_to_id) == (
        "assign",
        "accepted",
        kept,
        bridge.expert.person_id,
    )
    told = Notification.objects.filter(kind="consult.assignment_changed")
    assert [notification.person_id for notification in told] == [bridge.expert.person_id]
