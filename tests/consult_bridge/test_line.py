"""From request to closing: each step, who may take it, and what it leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consult_bridge import api
from consult_bridge.errors import (
    AlreadySigned,
    CheckerIsWriter,
    ConsultNotFound,
    NotYourConsult,
    OpinionStale,
    ReasonMissing,
    RequestTooThin,
)
from consult_bridge.models import Consult, ConsultScope, ConsultStep, Opinion, Patient
from consult_bridge.services.opinions import OpinionText
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.ids import uuid7
from core.states import WrongState
from tests.factories.consults import TEXT, consult_in, make_request


def test_a_request_is_submitted_with_its_clock_and_its_participants(bridge, now):
    consult = consult_in(bridge, "submitted", now)
    assert consult.state == "submitted"
    assert consult.due_at == now + timedelta(hours=4)
    # the county hospital with county, city and province, and the centre with the province again
    assert ConsultScope.objects.filter(consult=consult).count() == 4 + 2
    assert AuditEntry.objects.filter(action="consult.submit", subject_id=str(consult.pk)).count() == 1


def test_a_second_click_meets_its_own_row(bridge, now):
    key = uuid7()
    for _click in range(2):
        api.submit_consult(actor=bridge.requester, consult_id=key, request=make_request(bridge), now=now)
    assert Consult.unscoped.count() == 1
    assert Patient.unscoped.count() == 1


def test_somebody_elses_key_reads_as_missing(bridge, now):
    key = uuid7()
    api.submit_consult(actor=bridge.requester, consult_id=key, request=make_request(bridge), now=now)
    with pytest.raises(ConsultNotFound):
        api.submit_consult(actor=bridge.outsider, consult_id=key, request=make_request(bridge), now=now)


def test_a_thin_request_says_what_is_missing_and_saves_nothing(bridge, now):
    thin = make_request(bridge, service_type="joint_diagnosis", subject="", vitals={}, labs=[])
    with pytest.raises(RequestTooThin) as caught:
        api.submit_consult(actor=bridge.requester, consult_id=uuid7(), request=thin, now=now)
    assert set(caught.value.fields) == {"subject", "vitals", "evidence"}
    assert Consult.unscoped.count() == 0


def test_the_sealed_columns_hold_no_plain_text(bridge, now):
    from django.db import connection

    consult = consult_in(bridge, "submitted", now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, address FROM consult_bridge_patient")
        phone, address = cursor.fetchone()
    assert b"13900000001" not in bytes(phone)
    assert "柳湾村".encode() not in bytes(address)
    assert Patient.unscoped.get(pk=consult.patient_id).phone == "13900000001"


def test_participants_and_those_above_see_it_and_nobody_else(bridge, now):
    consult = consult_in(bridge, "submitted", now)
    seen = {
        name
        for name in ("requester", "coordinator", "expert", "second", "outsider", "learner")
        if Consult.objects.visible_to(getattr(bridge, name)).filter(pk=consult.pk).exists()
    }
    assert seen == {"requester", "coordinator", "expert", "second"}


def test_only_the_coordinator_assigns_and_only_the_assigned_expert_accepts(bridge, now):
    consult = consult_in(bridge, "submitted", now)
    with pytest.raises(Forbidden):
        api.assign(actor=bridge.expert, consult_id=consult.pk, expert_id=bridge.expert.person_id, now=now)
    with pytest.raises(ConsultNotFound):
        api.assign(actor=bridge.outsider, consult_id=consult.pk, expert_id=bridge.expert.person_id, now=now)
    api.assign(actor=bridge.coordinator, consult_id=consult.pk, expert_id=bridge.expert.person_id, now=now)
    with pytest.raises(NotYourConsult):
        api.accept(actor=bridge.second, consult_id=consult.pk, now=now)
    api.accept(actor=bridge.expert, consult_id=consult.pk, now=now)
    assert Consult.unscoped.get(pk=consult.pk).state == "accepted"


def test_waiting_for_information_stops_the_clock(bridge, now):
    consult = consult_in(bridge, "assigned", now)
    asked, answered = now + timedelta(minutes=10), now + timedelta(minutes=40)
    api.request_information(actor=bridge.expert, consult_id=consult.pk, reason="请补心电图。", now=asked)
    assert Consult.unscoped.get(pk=consult.pk).paused_at == asked
    api.supply_information(actor=bridge.requester, consult_id=consult.pk, text="已补。", now=answered)
    supplied = Consult.unscoped.get(pk=consult.pk)
    assert supplied.state == "assigned"
    assert supplied.due_at == consult.due_at + timedelta(minutes=30)


def test_asking_back_needs_a_reason(bridge, now):
    consult = consult_in(bridge, "assigned", now)
    with pytest.raises(ReasonMissing):
        api.request_information(actor=bridge.expert, consult_id=consult.pk, reason="  ", now=now)
    assert Consult.unscoped.get(pk=consult.pk).state == "assigned"


def test_a_stale_form_changes_nothing(bridge, now):
    consult = consult_in(bridge, "drafting", now)
    other = OpinionText("另一段。", "另一段。", "另一段。")
    with pytest.raises(OpinionStale):
        api.save_opinion(actor=bridge.expert, consult_id=consult.pk, text=other, revision=0, now=now)
    assert Opinion.unscoped.get(consult=consult).findings == TEXT.findings


def test_the_writer_cannot_be_the_second_doctor(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    with pytest.raises(CheckerIsWriter):
        api.sign_opinion(actor=bridge.expert, consult_id=consult.pk, revision=1, now=now)
    assert Opinion.unscoped.get(consult=consult).state == "under_review"


def test_a_reporting_doctor_writes_and_cannot_check(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    api.save_opinion(actor=bridge.writer, consult_id=consult.pk, text=TEXT, revision=0, now=now)
    api.submit_opinion(actor=bridge.writer, consult_id=consult.pk, now=now)
    api.sign_opinion(actor=bridge.expert, consult_id=consult.pk, revision=1, now=now)
    opinion = Opinion.unscoped.get(consult=consult)
    assert (opinion.written_by_id, opinion.checked_by_id) == (bridge.writer.person_id, bridge.expert.person_id)


def test_signing_freezes_the_text_under_a_hash(bridge, now):
    from consult_bridge.services.opinions import signed_content
    from core import crypto

    consult = consult_in(bridge, "signed", now)
    opinion = Opinion.unscoped.get(consult=consult)
    assert opinion.content_hash == crypto.digest(signed_content(opinion))
    crypto.verify(signed_content(opinion), crypto.Signature.parse(opinion.signature), purpose="opinion")
    with pytest.raises(AlreadySigned):
        api.save_opinion(actor=bridge.expert, consult_id=consult.pk, text=TEXT, revision=1, now=now)


def test_the_second_of_two_signers_hears_who_was_first(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    api.save_opinion(actor=bridge.writer, consult_id=consult.pk, text=TEXT, revision=0, now=now)
    api.submit_opinion(actor=bridge.writer, consult_id=consult.pk, now=now)
    api.sign_opinion(actor=bridge.second, consult_id=consult.pk, revision=1, now=now)
    with pytest.raises(AlreadySigned) as caught:
        api.sign_opinion(actor=bridge.expert, consult_id=consult.pk, revision=1, now=now)
    assert caught.value.params == {"name": "宋怀远"}
    assert Opinion.unscoped.get(consult=consult).signed_by_id == bridge.second.person_id


def test_a_returned_opinion_goes_round_again(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    api.return_opinion(actor=bridge.second, consult_id=consult.pk, reason="请写明切面。", now=now)
    assert Opinion.unscoped.get(consult=consult).state == "returned"
    changed = OpinionText("心尖四腔心切面。", TEXT.impression, TEXT.recommendation)
    api.submit_opinion(actor=bridge.expert, consult_id=consult.pk, text=changed, revision=1, now=now)
    api.sign_opinion(actor=bridge.second, consult_id=consult.pk, revision=2, now=now)
    assert Opinion.unscoped.get(consult=consult).findings == "心尖四腔心切面。"


def test_chronic_guidance_may_be_signed_by_the_expert_alone(bridge, now):
    consult = consult_in(bridge, "drafting", now, service_type="chronic_guidance")
    api.sign_opinion(actor=bridge.expert, consult_id=consult.pk, revision=1, now=now)
    opinion = Opinion.unscoped.get(consult=consult)
    assert (opinion.signed_by_id, opinion.checked_by_id) == (bridge.expert.person_id, None)


def test_closing_takes_feedback_from_the_requesting_side_only(bridge, now):
    consult = consult_in(bridge, "signed", now)
    with pytest.raises(Forbidden):
        api.close_consult(actor=bridge.expert, consult_id=consult.pk, outcome="left", usefulness=1, now=now)
    api.close_consult(actor=bridge.requester, consult_id=consult.pk, outcome="referred", usefulness=5, now=now)
    closed = Consult.unscoped.get(pk=consult.pk)
    assert (closed.state, closed.feedback.usefulness, closed.ended_at) == ("closed", 5, now)
    with pytest.raises(WrongState):
        api.close_consult(actor=bridge.requester, consult_id=consult.pk, outcome="referred", usefulness=4, now=now)


def test_declining_says_why_and_ends_it(bridge, now):
    consult = consult_in(bridge, "submitted", now)
    api.decline(actor=bridge.coordinator, consult_id=consult.pk, reason="不属于本院服务范围。", now=now)
    assert Consult.unscoped.get(pk=consult.pk).state == "declined"
    assert ConsultStep.objects.get(consult=consult, verb="decline").note == "不属于本院服务范围。"


def test_an_overdue_consult_is_marked_once(bridge, now):
    from consult_bridge.services import clocks

    consult = consult_in(bridge, "assigned", now)
    late = now + timedelta(hours=5)
    assert clocks.overdue_ids(late) == [consult.pk]
    clocks.mark_overdue(consult_id=consult.pk, now=late)
    assert Consult.unscoped.get(pk=consult.pk).overdue_at == late
    assert clocks.overdue_ids(late) == []
