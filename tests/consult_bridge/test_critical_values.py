"""The critical value: told at once, read back by the requesting side, escalated when its time is over."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from consult_bridge import api, policies
from consult_bridge.errors import ConsultNotFound, CriticalValueWaits, ReadBackMissing
from consult_bridge.models import Consult, CriticalValue, Report
from consult_bridge.services import critical
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.notify.models import Notification
from core.states import WrongState
from directory.models import RoleGrant
from tests.consult_bridge.test_pages import client_of, hidden
from tests.factories.consults import REPORT, report_in
from tests.factories.people import make_actor, make_person

TEXT = "大量心包积液，右房收缩期塌陷。"
CRITICAL = replace(REPORT, critical_value=TEXT)


def raised(bridge, now, state="under_review", consult="accepted"):
    report = report_in(bridge, state, now, text=CRITICAL, consult=consult)
    return report, CriticalValue.unscoped.get(report__consult=report.consult_id)


def told(person_id, kind):
    return Notification.objects.filter(person_id=person_id, kind=kind).count()


def test_it_is_told_on_submission_before_anybody_signed(bridge, now):
    report = report_in(bridge, "drafting", now, text=CRITICAL)
    assert CriticalValue.unscoped.count() == 0
    at = now + timedelta(minutes=1)
    api.submit_report(actor=bridge.writer, consult_id=report.consult_id, study_id=report.study_id, now=at)
    row = CriticalValue.unscoped.get()
    assert (row.text, row.state, row.raised_at, row.due_at) == (TEXT, "awaiting", at, at + timedelta(minutes=15))
    assert told(bridge.requester.person_id, "critical.raised") == 1


def test_the_requesting_side_reads_back_once(bridge, now):
    report, row = raised(bridge, now)
    call = {"consult_id": report.consult_id, "critical_id": row.pk}
    with pytest.raises(ReadBackMissing):
        api.acknowledge_critical_value(actor=bridge.requester, **call, read_back="  ", now=now)
    assert CriticalValue.unscoped.get().state == "awaiting"
    at = now + timedelta(minutes=5)
    for words in ("大量心包积液，立即联系上转。", "再按一次。"):
        api.acknowledge_critical_value(actor=bridge.requester, **call, read_back=words, now=at)
    row.refresh_from_db()
    assert (row.state, row.acknowledged_by_id, row.acknowledged_at, row.read_back) == (
        "acknowledged",
        bridge.requester.person_id,
        at,
        "大量心包积液，立即联系上转。",
    )
    assert AuditEntry.objects.get(action="critical.acknowledged").details["in_time"] is True
    assert told(bridge.writer.person_id, "critical.acknowledged") == 1


def test_a_colleague_of_the_requesting_hospital_may_and_nobody_else(bridge, now):
    report, row = raised(bridge, now)
    call = {"consult_id": report.consult_id, "critical_id": row.pk, "read_back": "知道了。", "now": now}
    for actor, error in (
        (bridge.expert, Forbidden),
        (bridge.coordinator, Forbidden),
        (bridge.outsider, ConsultNotFound),
        (bridge.learner, ConsultNotFound),
    ):
        with pytest.raises(error):
            api.acknowledge_critical_value(actor=actor, **call)
        assert not policies.to_acknowledge_by(actor).exists()
    assert CriticalValue.unscoped.get().state == "awaiting"
    colleague = make_actor(make_person(bridge.hospital, "requester"))
    assert policies.to_acknowledge_by(colleague).get() == row
    api.acknowledge_critical_value(actor=colleague, **call)
    assert CriticalValue.unscoped.get().state == "acknowledged"


def test_past_its_time_it_goes_to_the_coordinators_once(bridge, now):
    _report, row = raised(bridge, now)
    assert critical.overdue_ids(row.due_at - timedelta(seconds=1)) == []
    assert critical.overdue_ids(row.due_at) == [row.pk]
    for _tick in range(2):
        critical.escalate(critical_id=row.pk, now=row.due_at)
    row.refresh_from_db()
    assert row.escalated_at == row.due_at
    assert critical.overdue_ids(row.due_at) == []
    assert told(bridge.coordinator.person_id, "critical.overdue") == 1
    assert policies.escalated_to(bridge.coordinator).get() == row
    assert not policies.escalated_to(bridge.outsider).exists()
    assert AuditEntry.objects.filter(action="critical.overdue").count() == 1


def test_an_acknowledged_one_is_not_escalated(bridge, now):
    report, row = raised(bridge, now)
    call = {"consult_id": report.consult_id, "critical_id": row.pk, "read_back": "知道了。"}
    api.acknowledge_critical_value(actor=bridge.requester, **call, now=now)
    critical.escalate(critical_id=row.pk, now=row.due_at)
    assert CriticalValue.unscoped.get().escalated_at is None


def test_its_clock_uses_up_nothing_of_the_consults_time(bridge, now):
    report = report_in(bridge, "drafting", now, text=CRITICAL)
    before = Consult.unscoped.get(pk=report.consult_id)
    api.submit_report(actor=bridge.writer, consult_id=report.consult_id, study_id=report.study_id, now=now)
    after = Consult.unscoped.get(pk=report.consult_id)
    assert (after.due_at, after.state, after.urgency) == (before.due_at, before.state, before.urgency)


def test_the_second_doctor_may_not_confirm_it_and_then_the_requester_hears_it(bridge, now):
    report, row = raised(bridge, now)
    call = {"consult_id": report.consult_id, "study_id": report.study_id, "now": now}
    api.sign_report(actor=bridge.second, **call, text=REPORT, revision=1)
    row.refresh_from_db()
    assert (row.state, row.withdrawn_by_id) == ("withdrawn", bridge.second.person_id)
    assert told(bridge.requester.person_id, "critical.withdrawn") == 1
    with pytest.raises(WrongState):
        api.acknowledge_critical_value(
            actor=bridge.requester, consult_id=report.consult_id, critical_id=row.pk, read_back="知道了。", now=now
        )


def test_returning_takes_nothing_back(bridge, now):
    report, row = raised(bridge, now, state="returned")
    api.submit_report(
        actor=bridge.writer,
        consult_id=report.consult_id,
        study_id=report.study_id,
        text=REPORT,
        revision=1,
        now=now,
    )
    row.refresh_from_db()
    assert (row.state, Report.unscoped.get().critical_value) == ("awaiting", "")


def test_the_checker_may_find_it(bridge, now):
    report = report_in(bridge, "under_review", now)
    call = {"consult_id": report.consult_id, "study_id": report.study_id, "now": now}
    api.sign_report(actor=bridge.second, **call, text=CRITICAL, revision=1)
    row = CriticalValue.unscoped.get()
    assert (row.state, row.raised_by_id, row.text) == ("awaiting", bridge.second.person_id, TEXT)


def test_a_consult_is_not_closed_over_it(bridge, now):
    report, row = raised(bridge, now, state="signed", consult="signed")
    closing = {"consult_id": report.consult_id, "outcome": "referred", "usefulness": 5, "now": now}
    with pytest.raises(CriticalValueWaits):
        api.close_consult(actor=bridge.requester, **closing)
    assert Consult.unscoped.get(pk=report.consult_id).state == "signed"
    api.acknowledge_critical_value(
        actor=bridge.requester, consult_id=report.consult_id, critical_id=row.pk, read_back="知道了。", now=now
    )
    api.close_consult(actor=bridge.requester, **closing)
    assert Consult.unscoped.get(pk=report.consult_id).state == "closed"


def test_where_the_requester_has_left_a_colleague_is_told(bridge, now):
    colleague = make_person(bridge.hospital, "requester")
    RoleGrant.objects.filter(person=bridge.requester.person_id).delete()
    raised(bridge, now)
    assert (told(bridge.requester.person_id, "critical.raised"), told(colleague.pk, "critical.raised")) == (0, 1)


def test_who_closes_over_it_finds_what_was_typed_and_the_button_that_helps(bridge, now):
    # given
    report, row = raised(bridge, now, state="signed", consult="signed")
    client, url = client_of(bridge.requester), f"/consults/{report.consult_id}/close/"
    typed = {"outcome": "referred", "usefulness": "4", "comment": "已转上级医院。"}
    # when
    answer = client.post(url, typed)
    # then
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "A critical value of this consult is not acknowledged yet. The consult was not closed." in shown
    assert "已转上级医院。" in shown
    assert re.search(r'name="outcome" value="referred"[^>]*checked', shown)
    assert re.search(r'name="usefulness" value="4"[^>]*checked', shown)
    assert shown.count(f'formaction="/consults/{report.consult_id}/critical/{row.pk}/"') == 2
    assert "This has changed in the meantime" not in shown
    assert Consult.unscoped.get(pk=report.consult_id).state == "signed"
    # and a program is told in its own form
    told_program = client.post(url, typed, headers={"accept": "application/json"})
    assert (told_program.status_code, told_program.json()["code"]) == (409, "critical_value_waits")


def test_feedback_that_was_typed_before_the_acknowledgement_is_still_there_after_it(bridge, now):
    # given feedback in the form, and the button of the critical value that waits
    report, row = raised(bridge, now, state="signed", consult="signed")
    client, close = client_of(bridge.requester), f"/consults/{report.consult_id}/close/"
    address = f"/consults/{report.consult_id}/critical/{row.pk}/"
    typed = {"outcome": "referred", "usefulness": "4", "comment": "已转“上级”医院。", "then": "close"}
    # when it is pressed
    opened = client.post(address, typed)
    # then nothing is acknowledged, and the page carries along what was typed
    shown = opened.content.decode()
    assert (opened.status_code, "Your feedback is kept" in shown) == (200, True)
    assert [hidden(opened, name) for name in typed] == list(typed.values())
    assert CriticalValue.unscoped.get(pk=row.pk).state == "awaiting"
    # and a refusal and the way back keep it too
    empty = client.post(address, {**typed, "read_back": " "})
    assert (empty.status_code, hidden(empty, "comment")) == (422, typed["comment"])
    for answer in (
        client.post(close, {**typed, "action": "back"}),
        client.post(address, {**typed, "read_back": "大量心包积液，马上处理。"}),
        client.post(address, {**typed, "read_back": "大量心包积液，马上处理。"}),  # the second of two clicks
    ):
        form = answer.content.decode()
        assert (answer.status_code, f'action="{close}"' in form, "已转“上级”医院。" in form) == (200, True, True)
        assert re.search(r'name="outcome" value="referred"[^>]*checked', form)
        assert re.search(r'name="usefulness" value="4"[^>]*checked', form)
    assert CriticalValue.unscoped.get(pk=row.pk).state == "acknowledged"
    assert Consult.unscoped.get(pk=report.consult_id).state == "signed"
    # so that it is sent without typing it again
    assert client.post(close, typed).status_code == 302
    assert Consult.unscoped.get(pk=report.consult_id).feedback.comment == typed["comment"]
