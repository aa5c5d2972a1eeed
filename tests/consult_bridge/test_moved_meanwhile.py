"""The consult or its text moves on while a doctor types: what was typed is never lost with an error page."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge import api
from consult_bridge.errors import ConsultEnded, ConsultMoved
from consult_bridge.models import Consult, Opinion, Report, UnsavedText
from consult_bridge.services.opinions import return_opinion, submit_opinion
from consult_bridge.services.submitting import supply_information
from core.audit.models import AuditEntry
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import REPORT, TEXT, consult_in, report_in, study_of

WORDS = "打到一半的所见"
TYPED = {"findings": WORDS, "impression": "甲。", "recommendation": "乙。", "template": "echo", "revision": "1"}
REPORTED = asdict(REPORT) | {"findings": WORDS, "revision": "1"}
MOVED = "now. What you typed was not saved in the text, but is kept for you alone."
ACTIONS = ["save", "submit", "sign"]


def at(name, consult, *args):
    return reverse(f"consult_bridge:{name}", args=[consult.pk, *args])


def asked_back(bridge, consult):
    api.request_information(actor=bridge.coordinator, consult_id=consult.pk, reason="缺心电图。", now=timezone.now())


def refusals():
    return AuditEntry.objects.filter(action="refused").count()


@pytest.mark.parametrize("action", ACTIONS[:2])
def test_an_opinion_comes_back_while_the_consult_waits_for_information(bridge, action):
    consult = consult_in(bridge, "drafting", timezone.now())
    asked_back(bridge, consult)
    expert = client_of(bridge.expert)

    answer = expert.post(at("opinion", consult), TYPED | {"action": action})

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert f"It stands at “Awaiting information” {MOVED}" in shown
    assert WORDS in shown
    assert 'name="findings"' not in shown
    assert (Opinion.unscoped.get().findings, refusals()) == (TEXT.findings, 0)
    assert UnsavedText.objects.get().person_id == bridge.expert.person_id
    assert WORDS in expert.get(at("consult", consult)).content.decode()
    assert WORDS not in client_of(bridge.second).get(at("consult", consult)).content.decode()


def test_the_page_keeps_typing_meanwhile_and_it_is_in_the_editor_again_afterwards(bridge):
    consult = consult_in(bridge, "drafting", timezone.now())
    asked_back(bridge, consult)
    expert = client_of(bridge.expert)
    kept = expert.post(at("opinion_autosave", consult), TYPED, headers={"accept": "application/json"})
    assert (kept.status_code, kept.json()) == (200, {})
    assert Consult.unscoped.get(pk=consult.pk).state == "awaiting_information"

    supply_information(actor=bridge.requester, consult_id=consult.pk, text="已补。", now=timezone.now())

    shown = expert.get(at("consult", consult)).content.decode()
    assert 'name="findings"' in shown
    assert WORDS in shown
    assert expert.post(at("opinion", consult), TYPED | {"action": "save"}).status_code == 302
    assert (Opinion.unscoped.get().findings, UnsavedText.objects.count()) == (WORDS, 0)


def test_what_another_expert_has_now_is_kept_for_the_former_one(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "accepted", now)
    api.assign(
        actor=bridge.coordinator,
        consult_id=consult.pk,
        expert_id=bridge.second.person_id,
        replaces=bridge.expert.person_id,
        now=now,
    )
    answer = client_of(bridge.expert).post(at("opinion", consult), TYPED | {"revision": "0", "action": "save"})
    assert (answer.status_code, WORDS in answer.content.decode()) == (409, True)
    assert (UnsavedText.objects.count(), Opinion.unscoped.count(), refusals()) == (1, 0, 0)


@pytest.mark.parametrize("action", ACTIONS)
def test_the_writer_who_submitted_in_another_window_keeps_the_older_one(bridge, action):
    consult = consult_in(bridge, "under_review", timezone.now())
    answer = client_of(bridge.expert).post(at("opinion", consult), TYPED | {"action": action})
    if action == "sign":  # they never may
        assert answer.status_code == 403
        return
    assert (answer.status_code, WORDS in answer.content.decode()) == (409, True)
    assert (Opinion.unscoped.get().state, UnsavedText.objects.count()) == ("under_review", 1)


def test_a_second_doctor_whose_colleague_returned_it_keeps_the_changes(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "under_review", now)
    return_opinion(actor=bridge.second, consult_id=consult.pk, reason="请补充右室。", now=now)
    answer = client_of(bridge.second).post(at("opinion", consult), TYPED | {"action": "sign"})
    assert (answer.status_code, WORDS in answer.content.decode()) == (409, True)
    assert (Opinion.unscoped.get().state, UnsavedText.objects.get().person_id) == ("returned", bridge.second.person_id)


def test_what_was_signed_meanwhile_comes_back_beside_it(bridge):
    consult = consult_in(bridge, "signed", timezone.now())
    answer = client_of(bridge.expert).post(at("opinion", consult), TYPED | {"action": "save"})
    shown = answer.content.decode()
    assert (answer.status_code, WORDS in shown, TEXT.findings in shown) == (409, True, True)
    assert UnsavedText.objects.count() == 0


def test_nothing_is_kept_of_a_consult_that_ended_but_the_page_still_shows_it(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "accepted", now)
    api.cancel_consult(actor=bridge.requester, consult_id=consult.pk, reason="已出院。", now=now)
    answer = client_of(bridge.expert).post(at("opinion", consult), TYPED | {"revision": "0", "action": "save"})
    assert (answer.status_code, WORDS in answer.content.decode()) == (409, True)
    typing = client_of(bridge.expert).post(at("opinion_autosave", consult), TYPED)
    assert (typing.status_code, UnsavedText.objects.count(), Opinion.unscoped.count()) == (409, 0, 0)
    with pytest.raises(ConsultEnded):
        api.save_opinion(actor=bridge.expert, consult_id=consult.pk, text=TEXT, revision=0, now=now)


@pytest.mark.parametrize("action", ACTIONS[:2])
def test_a_report_comes_back_while_the_consult_waits_for_information(bridge, action):
    report = report_in(bridge, "drafting", timezone.now())
    asked_back(bridge, report.consult)
    writer = client_of(bridge.writer)

    answer = writer.post(at("report", report.consult, report.study_id), REPORTED | {"action": action})

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert f"It stands at “Awaiting information” {MOVED}" in shown
    assert WORDS in shown
    assert (Report.unscoped.get().findings, UnsavedText.objects.count()) == (REPORT.findings, 1)
    autosave = at("report_autosave", report.consult, report.study_id)
    assert writer.post(autosave, REPORTED, headers={"accept": "application/json"}).status_code == 200
    assert WORDS in writer.get(at("consult", report.consult), {"tab": "report"}).content.decode()


def test_a_report_that_was_never_begun_is_kept_too(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "accepted", now)
    study_id = study_of(consult, now)
    asked_back(bridge, consult)
    answer = client_of(bridge.writer).post(
        at("report", consult, study_id), REPORTED | {"revision": "0", "action": "save"}
    )
    assert (answer.status_code, WORDS in answer.content.decode()) == (409, True)
    assert (Report.unscoped.count(), UnsavedText.objects.get().study_id) == (0, study_id)


def test_a_program_is_told_and_a_submission_without_text_keeps_nothing(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "drafting", now)
    asked_back(bridge, consult)
    with pytest.raises(ConsultMoved):
        submit_opinion(actor=bridge.expert, consult_id=consult.pk, now=now)
    assert UnsavedText.objects.count() == 0


@pytest.mark.parametrize("who", ["requester", "outsider", "learner", "coordinator"])
def test_nobody_but_who_answers_keeps_a_text_while_it_waits(bridge, who):
    consult = consult_in(bridge, "drafting", timezone.now())
    asked_back(bridge, consult)
    for name in ("opinion", "opinion_autosave"):
        answer = client_of(getattr(bridge, who)).post(at(name, consult), TYPED | {"action": "save"})
        assert answer.status_code in {403, 404}
    assert UnsavedText.objects.count() == 0
