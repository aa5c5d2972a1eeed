"""Whoever has the right and merely comes too late reads what happened since, with what was typed; the trail holds no
refusal of them, and whoever has no right is refused as before."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.utils import timezone

from consult_bridge import api
from consult_bridge.errors import AlreadySigned, ConsultWentOn, NotYourConsult, OpinionBegun, ReportBegun
from consult_bridge.models import Consult, Opinion, Report
from consult_bridge.services.opinions import return_opinion, take_over_opinion
from consult_bridge.services.reports import take_over_report
from consult_bridge.services.taking_back import take_back_opinion, take_back_report
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.states import WrongState
from tests.consult_bridge.test_pages import client_of
from tests.consult_bridge.test_two_clicks import OPINION, traces
from tests.factories.consults import REPORT, consult_in, report_in
from tests.factories.people import make_actor, make_person

WORDS = "请写明右室的情况。"
WENT_ON = "The consult went on after you opened the page: it stands at “{state}” now ({who}, "
LATE = {
    "ask at triage": ("coordinator", "under_review", "triage", {"action": "ask", "ask-reason": WORDS}, "陈牧之"),
    "decline": ("coordinator", "drafting", "triage", {"action": "decline", "decline-reason": WORDS}, "陈牧之"),
    "ask as coordinator": ("coordinator", "signed", "ask", {"reason": WORDS}, "宋怀远"),
    "ask as expert": ("expert", "signed", "ask", {"reason": WORDS}, "宋怀远"),
    "hand back": ("expert", "under_review", "hand-back", {"reason": WORDS}, "陈牧之"),
    "cancel": ("requester", "drafting", "cancel", {"reason": WORDS}, "陈牧之"),
}
CLOSING = {"outcome": "referred", "usefulness": "4", "comment": WORDS}
LATE |= {"close": ("requester", "closed", "close", CLOSING, "林晓禾")}
STATES = {
    "closed": "Closed",
    "under_review": "Under review",
    "drafting": "Writing the opinion",
    "signed": "Opinion signed",
}


def refusals():
    return AuditEntry.objects.filter(action="refused").count()


def long_ago():
    return timezone.now() - timedelta(hours=1)


@pytest.mark.parametrize("name", LATE)
def test_a_page_from_before_says_where_it_stands_and_since_whom_and_keeps_the_words(bridge, name):
    who, state, page, form, mover = LATE[name]
    consult = consult_in(bridge, state, long_ago())
    client, url = client_of(getattr(bridge, who)), f"/consults/{consult.pk}/{page}/"
    assert client.get(url).status_code == 200
    left = traces(consult.pk)

    answer = client.post(url, form)

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert WENT_ON.format(state=STATES[state], who=mover) in shown
    assert WORDS in shown
    assert (traces(consult.pk), refusals()) == (left, 0)
    told = client.post(url, form, headers={"accept": "application/problem+json"})
    assert (told.status_code, told.json()["code"]) == (409, "consult_went_on")


@pytest.mark.parametrize("verb", [api.accept, api.hand_back, api.request_information, api.decline])
def test_an_expert_whose_consult_was_given_to_another_is_not_refused(bridge, now, verb):
    consult = consult_in(bridge, "assigned", now)
    expert, second = bridge.expert.person_id, bridge.second.person_id
    api.assign(actor=bridge.coordinator, consult_id=consult.pk, expert_id=second, replaces=expert, now=now)
    left = traces(consult.pk)
    words = {} if verb is api.accept else {"reason": WORDS}
    with pytest.raises(ConsultWentOn, match="何以宁"):
        verb(actor=bridge.expert, consult_id=consult.pk, now=now, **words)
    third = make_actor(make_person(bridge.centre, "expert"))
    with pytest.raises(Forbidden):
        verb(actor=third, consult_id=consult.pk, now=now, **words)
    assert traces(consult.pk) == left


def test_who_never_had_it_cannot_take_it_on(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    with pytest.raises(NotYourConsult):
        api.accept(actor=bridge.second, consult_id=consult.pk, now=now)


@pytest.mark.parametrize("who", ["requester", "writer", "second"])
def test_whoever_has_no_right_is_refused_in_every_state(bridge, now, who):
    for state in ("submitted", "signed"):
        consult = consult_in(bridge, state, now)
        left = traces(consult.pk)
        for verb in (api.request_information, api.decline):
            with pytest.raises(Forbidden):
                verb(actor=getattr(bridge, who), consult_id=consult.pk, reason=WORDS, now=now)
        assert traces(consult.pk) == left


def test_a_second_doctor_who_returns_what_another_signed_reads_who_signed_and_keeps_the_reason(bridge):
    # given a page of an opinion under review, which another second doctor signs
    consult = consult_in(bridge, "signed", long_ago())
    third = make_actor(make_person(bridge.centre, "expert", name="顾清和"))
    browser = client_of(third)
    browser.get(f"/consults/{consult.pk}/")
    left = traces(consult.pk)
    # when the page returns it
    answer = browser.post(f"/consults/{consult.pk}/opinion/", OPINION | {"action": "return", "reason": WORDS})
    # then
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "宋怀远 signed this text before you. Your signature was not added." not in shown
    assert "宋怀远 signed this text before you. It was not returned." in shown
    assert WORDS in shown
    assert (traces(consult.pk), refusals(), Opinion.unscoped.get().state) == (left, 0, "signed")


def test_so_it_is_with_a_report(bridge):
    report = report_in(bridge, "signed", long_ago())
    third = make_actor(make_person(bridge.centre, "expert", name="顾清和"))
    browser = client_of(third)
    browser.get(f"/consults/{report.consult_id}/")
    left = traces(report.consult_id)
    url = f"/consults/{report.consult_id}/studies/{report.study_id}/report/"
    sent = asdict(REPORT) | {"revision": "1", "action": "return", "reason": WORDS}
    answer = browser.post(url, sent)
    shown = answer.content.decode()
    assert (answer.status_code, WORDS in shown) == (409, True)
    assert "宋怀远 signed this text before you. It was not returned." in shown
    assert (traces(report.consult_id), refusals(), Report.unscoped.get().state) == (left, 0, "signed")


def test_who_may_not_check_does_not_learn_that_way_what_was_signed(bridge, now):
    consult = consult_in(bridge, "signed", now)
    with pytest.raises(Forbidden):
        return_opinion(actor=bridge.coordinator, consult_id=consult.pk, reason=WORDS, now=now)
    with pytest.raises(AlreadySigned):
        return_opinion(actor=bridge.second, consult_id=consult.pk, reason=WORDS, now=now)


def test_a_text_that_was_submitted_meanwhile_is_not_taken_over_and_nobody_is_refused(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    report = report_in(bridge, "under_review", now)
    with pytest.raises(WrongState):
        take_over_opinion(actor=bridge.second, consult_id=consult.pk, writer_id=bridge.expert.person_id, now=now)
    where = {"consult_id": report.consult_id, "study_id": report.study_id}
    with pytest.raises(WrongState):
        take_over_report(actor=bridge.second, **where, writer_id=bridge.writer.person_id, now=now)
    assert Opinion.unscoped.get(consult=consult).written_by_id == bridge.expert.person_id
    assert Report.unscoped.get().written_by_id == bridge.writer.person_id
    for actor in (bridge.coordinator, bridge.requester):
        with pytest.raises(Forbidden):
            take_over_opinion(actor=actor, consult_id=consult.pk, writer_id=bridge.expert.person_id, now=now)


def test_a_former_writer_does_not_take_back_what_a_colleague_submitted(bridge, now):
    consult = consult_in(bridge, "drafting", now)
    expert, second = bridge.expert, bridge.second
    take_over_opinion(actor=second, consult_id=consult.pk, writer_id=expert.person_id, now=now)
    api.submit_opinion(actor=second, consult_id=consult.pk, now=now + timedelta(hours=1))
    with pytest.raises(OpinionBegun):
        take_back_opinion(actor=expert, consult_id=consult.pk, now=now)
    report = report_in(bridge, "drafting", now)
    where = {"consult_id": report.consult_id, "study_id": report.study_id}
    take_over_report(actor=second, **where, writer_id=bridge.writer.person_id, now=now)
    api.submit_report(actor=second, **where, now=now + timedelta(hours=1))
    with pytest.raises(ReportBegun):
        take_back_report(actor=bridge.writer, **where, now=now)
    with pytest.raises(Forbidden):
        take_back_report(actor=expert, **where, now=now)
    assert Report.unscoped.get().state == "under_review"
    assert Consult.unscoped.get(pk=consult.pk).state == "under_review"


def test_a_note_to_an_expert_comes_back_where_the_opinion_is_being_written(bridge):
    consult = consult_in(bridge, "drafting", long_ago())
    client, url = client_of(bridge.coordinator), f"/consults/{consult.pk}/triage/"
    assert client.get(url).status_code == 200
    left = traces(consult.pk)
    chosen = {"expert": str(bridge.second.person_id), "replaces": str(bridge.expert.person_id)}
    answer = client.post(url, chosen | {"action": "assign", "urgency": "urgent", "note": WORDS})
    shown = answer.content.decode()
    assert (answer.status_code, WORDS in shown) == (409, True)
    assert WENT_ON.format(state="Writing the opinion", who="陈牧之") in shown
    assert (traces(consult.pk), refusals()) == (left, 0)
    assert Consult.unscoped.get().expert_id == bridge.expert.person_id


@pytest.mark.parametrize("state", ["drafting", "signed", "closed"])
def test_who_assigns_what_is_past_assigning_is_told_where_it_stands_not_to_assign_once_more(bridge, state):
    # given a page from before anybody had it, so it names no expert to take it from
    consult = consult_in(bridge, state, long_ago())
    client, url = client_of(bridge.coordinator), f"/consults/{consult.pk}/triage/"
    assert client.get(url).status_code == 200
    left = traces(consult.pk)
    # when it is assigned there
    chosen = {"action": "assign", "expert": str(bridge.second.person_id), "urgency": "urgent", "note": WORDS}
    answer = client.post(url, chosen)
    # then the answer says where it stands, keeps the note and changes nothing
    shown = answer.content.decode()
    assert (answer.status_code, WORDS in shown) == (409, True)
    assert f"it stands at “{STATES[state]}” now" in shown
    assert (traces(consult.pk), refusals()) == (left, 0)
    told = client.post(url, chosen, headers={"accept": "application/problem+json"})
    assert (told.status_code, told.json()["code"]) == (409, "consult_went_on")
