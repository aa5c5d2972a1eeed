"""A signed opinion is corrected by a further version: written, checked and signed like the first, which stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from consult_bridge import api, policies
from consult_bridge.errors import (
    CheckerIsWriter,
    ConsultNotFound,
    OpinionBegun,
    OpinionIncomplete,
    OpinionStale,
    ReasonMissing,
)
from consult_bridge.events import OpinionAmended
from consult_bridge.models import Consult, ConsultStep, Opinion, UnsavedText
from consult_bridge.selectors.consults import Filters, work_list
from consult_bridge.services.expiring import idle_text_ids
from consult_bridge.services.messages import post_message
from consult_bridge.services.opinions import keep_typed_opinion, signed_content
from consult_bridge.services.second_doctor import name_second_doctor
from consult_bridge.services.teaching import teaching_texts
from core import crypto
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.ids import uuid7
from core.notify.models import Notification
from core.states import WrongState
from tests.factories.consults import TEXT, consult_in
from tests.factories.people import make_actor, make_organisation, make_person

REASON = "剂量写错：5 mg 改 2.5 mg。"
CHANGED = replace(TEXT, recommendation="建议 2.5 mg 每日一次。", change_reason=REASON)
LATER = timedelta(hours=5)


def corrected(bridge, consult: Consult, now, *, reason: str = REASON) -> Opinion:
    """The whole way: begun and written by the expert, checked and signed by the second doctor."""
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now}
    begun = api.amend_opinion(actor=bridge.expert, **at, reason=reason)
    text = replace(CHANGED, change_reason=reason)
    api.submit_opinion(actor=bridge.expert, **at, text=text, revision=begun.revision)
    return api.sign_opinion(actor=bridge.second, **at, revision=begun.revision + 1)


def versions(consult: Consult) -> list[Opinion]:
    return list(Opinion.unscoped.filter(consult=consult).order_by("version"))


def told(kind: str) -> set[Any]:
    return set(Notification.objects.filter(kind=kind).values_list("person_id", flat=True))


def as_it_was(consult: Consult) -> list[tuple[Any, ...]]:
    return list(Opinion.unscoped.filter(consult=consult).order_by("version").values_list())


@pytest.fixture
def published(monkeypatch) -> list[Any]:
    events: list[Any] = []
    monkeypatch.setattr("core.outbox.publish", lambda event, *, now: events.append(event))
    return events


def test_a_correction_replaces_the_first_opinion_which_stays_as_it_was(bridge, now, published):
    # given
    consult = consult_in(bridge, "signed", now)
    first = versions(consult)[0]
    content = signed_content(first)
    # when it is begun
    api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason=REASON, now=now + LATER)
    # then the first is in force until the second is signed, and the consult stands where it stood
    old, new = versions(consult)
    assert (old.state, new.state, new.version, new.findings) == ("signed", "drafting", 2, TEXT.findings)
    assert (new.amends_id, new.change_reason, new.written_by_id) == (first.pk, REASON, bridge.expert.person_id)
    # when it is checked and signed
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now + LATER}
    api.submit_opinion(actor=bridge.expert, **at, text=CHANGED, revision=2)
    assert told("opinion.to_check") == {bridge.second.person_id}
    api.sign_opinion(actor=bridge.second, **at, revision=3)
    # then
    old, new = versions(consult)
    assert (old.state, old.recommendation, old.content_hash) == ("amended", TEXT.recommendation, first.content_hash)
    assert (signed_content(old), old.signature) == (content, first.signature)
    assert (new.state, new.recommendation) == ("signed", CHANGED.recommendation)
    assert (new.checked_by_id, new.signed_at) == (bridge.second.person_id, now + LATER)
    crypto.verify(signed_content(new), crypto.Signature.parse(new.signature), purpose="opinion")
    consult.refresh_from_db()
    assert (consult.state, consult.signed_at) == ("signed", now + timedelta(minutes=5))
    assert published == [OpinionAmended(consult.pk, new.pk)]
    steps = ConsultStep.objects.filter(consult=consult, verb__startswith="opinion_").order_by("id")
    assert list(steps.values_list("verb", "note")) == [("opinion_amendment_submitted", ""), ("opinion_amended", REASON)]
    actions = AuditEntry.objects.filter(subject_id=str(consult.pk), action__startswith="opinion.a")
    assert list(actions.order_by("at", "id").values_list("action", flat=True)) == [
        "opinion.amendment_begun",
        "opinion.amendment_submitted",
        "opinion.amended",
    ]


def test_the_hash_of_a_first_opinion_names_no_version_and_no_change(bridge, now):
    consult = consult_in(bridge, "signed", now)
    content = signed_content(versions(consult)[0]).decode()
    assert ('"version"' in content, '"change_reason"' in content) == (False, False)
    after = signed_content(corrected(bridge, consult, now + LATER)).decode()
    assert ('"version":2' in after, REASON in after) == (True, True)


def test_whoever_has_a_part_in_the_consult_is_told_and_the_signer_is_not(bridge, now):
    # given a colleague of the requester who wrote in the thread
    colleague = make_actor(make_person(bridge.hospital, "requester"), now)
    consult = consult_in(bridge, "signed", now)
    post_message(actor=colleague, consult_id=consult.pk, message_id=uuid7(), text="剂量对吗？", now=now)
    # when
    corrected(bridge, consult, now + LATER)
    # then
    people = {bridge.requester, bridge.expert, bridge.coordinator, colleague}
    assert told("opinion.amended") == {person.person_id for person in people}
    assert told("opinion.signed") == {bridge.requester.person_id}


def test_an_error_found_after_closing_is_corrected_and_the_consult_stays_closed(bridge, now):
    consult = consult_in(bridge, "closed", now)
    corrected(bridge, consult, now + LATER)
    consult.refresh_from_db()
    assert (consult.state, [row.state for row in versions(consult)]) == ("closed", ["amended", "signed"])
    assert bridge.requester.person_id in told("opinion.amended")
    assert consult.feedback.comment == "已上转。"
    assert teaching_texts(consult)["recommendation"] == CHANGED.recommendation


def test_a_correction_is_corrected_again(bridge, now):
    consult = consult_in(bridge, "signed", now)
    corrected(bridge, consult, now + LATER)
    third = corrected(bridge, consult, now + 2 * LATER, reason="再次更正。")
    assert [(row.version, row.state) for row in versions(consult)] == [(1, "amended"), (2, "amended"), (3, "signed")]
    assert third.amends_id == versions(consult)[1].pk


def test_a_second_click_finds_what_the_first_one_did(bridge, now):
    consult = consult_in(bridge, "signed", now)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now + LATER}
    begun = [api.amend_opinion(actor=bridge.expert, **at, reason=words).pk for words in (REASON, "再按一次。")]
    assert begun[0] == begun[1]
    for _click in range(2):
        api.submit_opinion(actor=bridge.expert, **at, text=CHANGED, revision=2)
    for _click in range(2):
        api.return_opinion(actor=bridge.second, **at, reason="请写明单位。")
    for _click in range(2):
        api.submit_opinion(actor=bridge.expert, **at, text=CHANGED, revision=3)
    for _click in range(2):
        api.take_back_opinion(actor=bridge.expert, **at)
    api.submit_opinion(actor=bridge.expert, **at)
    for _click in range(2):
        api.sign_opinion(actor=bridge.second, **at, revision=4)
    verbs = ConsultStep.objects.filter(consult=consult, verb__startswith="opinion_").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "opinion_amendment_submitted",
        "opinion_amendment_returned",
        "opinion_amendment_submitted",
        "opinion_amendment_taken_back",
        "opinion_amendment_submitted",
        "opinion_amended",
    ]
    assert (len(versions(consult)), Notification.objects.filter(kind="opinion.amended").count()) == (2, 3)
    assert told("opinion.returned") == {bridge.expert.person_id}


def test_a_reason_is_needed_to_begin_and_to_submit(bridge, now):
    consult = consult_in(bridge, "signed", now)
    before = as_it_was(consult)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now}
    with pytest.raises(ReasonMissing):
        api.amend_opinion(actor=bridge.expert, **at, reason="  ")
    assert as_it_was(consult) == before
    api.amend_opinion(actor=bridge.expert, **at, reason=REASON)
    with pytest.raises(OpinionIncomplete) as caught:
        api.submit_opinion(actor=bridge.expert, **at, text=replace(CHANGED, change_reason=""), revision=2)
    assert set(caught.value.fields) == {"change_reason"}
    assert (versions(consult)[1].state, versions(consult)[1].change_reason) == ("drafting", REASON)


def test_who_wrote_the_correction_neither_signs_nor_returns_it_and_a_stale_form_changes_nothing(bridge, now):
    consult = consult_in(bridge, "signed", now)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now}
    api.amend_opinion(actor=bridge.expert, **at, reason=REASON)
    with pytest.raises(OpinionStale):
        api.save_opinion(actor=bridge.expert, **at, text=CHANGED, revision=0)
    api.submit_opinion(actor=bridge.expert, **at, text=CHANGED, revision=2)
    before = as_it_was(consult)
    with pytest.raises(CheckerIsWriter):
        api.sign_opinion(actor=bridge.expert, **at, revision=3)
    with pytest.raises(CheckerIsWriter):
        api.return_opinion(actor=bridge.expert, **at, reason="自己退回。")
    with pytest.raises(OpinionStale):
        api.sign_opinion(actor=bridge.second, **at, revision=2)
    with pytest.raises(WrongState):
        api.amend_opinion(actor=bridge.second, **at, reason="再来一份。")
    assert as_it_was(consult) == before


def test_another_doctor_finds_whose_correction_it_is_and_may_take_it_over(bridge, now):
    consult = consult_in(bridge, "closed", now)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now + LATER}
    api.amend_opinion(actor=bridge.expert, **at, reason=REASON)
    for call in (
        lambda: api.amend_opinion(actor=bridge.second, **at, reason="我也要改。"),
        lambda: api.save_opinion(actor=bridge.second, **at, text=CHANGED, revision=2),
    ):
        with pytest.raises(OpinionBegun) as caught:
            call()
        assert caught.value.params == {"name": "陈牧之"}
    api.take_over_opinion(actor=bridge.second, **at, writer_id=bridge.expert.person_id)
    new = versions(consult)[1]
    assert (new.written_by_id, new.change_reason) == (bridge.second.person_id, REASON)
    assert told("opinion.taken_over") == {bridge.expert.person_id}


def test_others_begin_no_correction_and_nothing_changes(bridge, now):
    consult = consult_in(bridge, "signed", now)
    before = as_it_was(consult)
    refused = {
        "outsider": ConsultNotFound,
        "learner": ConsultNotFound,
        "requester": Forbidden,
        "coordinator": Forbidden,
    }
    for name, error in refused.items():
        with pytest.raises(error):
            api.amend_opinion(actor=getattr(bridge, name), consult_id=consult.pk, reason="不行。", now=now)
    assert as_it_was(consult) == before
    drafting = consult_in(bridge, "drafting", now)
    with pytest.raises(WrongState):
        api.amend_opinion(actor=bridge.expert, consult_id=drafting.pk, reason="还没签发。", now=now)
    assert len(versions(drafting)) == 1


def test_where_no_second_doctor_is_asked_for_the_expert_signs_the_correction_alone(bridge, now):
    consult = consult_in(bridge, "drafting", now, service_type="chronic_guidance")
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now + LATER}
    api.sign_opinion(actor=bridge.expert, **at, revision=1)
    api.amend_opinion(actor=bridge.expert, **at, reason=REASON)
    api.sign_opinion(actor=bridge.expert, **at, text=CHANGED, revision=2)
    new = versions(consult)[1]
    assert (new.state, new.signed_by_id, new.checked_by_id) == ("signed", bridge.expert.person_id, None)


def test_where_both_doctors_wrote_in_it_one_of_another_hospital_checks_it_and_sees_nothing_after(bridge, now):
    # given a correction that both who may check have written in
    consult = consult_in(bridge, "closed", now)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now + LATER}
    api.amend_opinion(actor=bridge.expert, **at, reason=REASON)
    api.take_over_opinion(actor=bridge.second, **at, writer_id=bridge.expert.person_id)
    doctor = make_actor(make_person(make_organisation(bridge.province), "expert"), now)
    assert told("consult.no_second_doctor") == {bridge.coordinator.person_id}
    # when the coordinator names a doctor of another hospital
    name_second_doctor(actor=bridge.coordinator, **at, checker_id=doctor.person_id)
    api.submit_opinion(actor=bridge.second, **at)
    assert Consult.objects.visible_to(doctor).filter(pk=consult.pk).exists()
    api.sign_opinion(actor=doctor, **at, revision=2)
    # then
    assert versions(consult)[1].checked_by_id == doctor.person_id
    assert not Consult.objects.visible_to(doctor).filter(pk=consult.pk).exists()
    assert Consult.unscoped.get(pk=consult.pk).checker_id is None


def test_what_is_typed_into_a_correction_of_a_closed_consult_is_kept_until_it_is_signed(bridge, now):
    consult = consult_in(bridge, "closed", now)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now + LATER}
    api.amend_opinion(actor=bridge.expert, **at, reason=REASON)
    assert keep_typed_opinion(actor=bridge.expert, **at, text=CHANGED, revision=2) is True
    assert idle_text_ids(now + LATER) == []
    api.submit_opinion(actor=bridge.expert, **at)
    assert keep_typed_opinion(actor=bridge.second, **at, text=CHANGED, revision=2) is True
    api.sign_opinion(actor=bridge.second, **at, revision=2)
    assert UnsavedText.objects.count() == 0


def test_the_work_list_shows_it_to_who_checks_and_to_who_writes(bridge, now):
    # given a correction of a closed consult
    consult = consult_in(bridge, "closed", now)

    def tabs(actor):
        names = ("mine", "check", "team")
        return [name for name in names if consult in work_list(actor, name, Filters())]

    assert [tabs(bridge.expert), tabs(bridge.second)] == [[], []]
    api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason=REASON, now=now + LATER)
    assert [tabs(bridge.expert), tabs(bridge.second)] == [["mine", "team"], ["team"]]
    api.submit_opinion(actor=bridge.expert, consult_id=consult.pk, now=now + LATER)
    assert [tabs(bridge.expert), tabs(bridge.second), tabs(bridge.requester)] == [["team"], ["check", "team"], []]
    api.sign_opinion(actor=bridge.second, consult_id=consult.pk, revision=2, now=now + LATER)
    assert [tabs(bridge.expert), tabs(bridge.second)] == [[], []]


def test_a_rule_answers_the_same_for_a_row_and_for_all_rows(bridge, now):
    for state in ("drafting", "under_review"):
        consult = consult_in(bridge, "signed", now)
        api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason=REASON, now=now)
        if state == "under_review":
            api.submit_opinion(actor=bridge.expert, consult_id=consult.pk, now=now)
    rows = Opinion.unscoped.select_related("consult__receiving_organisation").filter(amends__isnull=False)
    for name in ("writer", "expert", "second", "requester", "coordinator", "outsider"):
        actor = getattr(bridge, name)
        to_check = {row.pk for row in rows if policies.may_check(actor, row)}
        assert set(policies.amendments_to_check_by(actor).values_list("pk", flat=True)) == to_check
        to_write = {row.pk for row in rows if policies.may_go_on(actor, row)}
        assert set(policies.amendments_to_write_by(actor).values_list("pk", flat=True)) == to_write
    assert (
        len(policies.amendments_to_check_by(bridge.second)),
        len(policies.amendments_to_write_by(bridge.expert)),
    ) == (1, 1)
