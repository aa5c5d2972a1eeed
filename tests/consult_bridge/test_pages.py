"""The line through the pages, as plain forms: no script, POST, redirect, GET."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult_bridge.models import Consult, ConsultDraft, Opinion, TeachingConsent
from consult_bridge.services.drafts import save_draft
from core.actor import Actor
from core.ids import uuid7
from directory.models import Person
from tests.factories.consults import PDF, Bridge, consult_in, signed_form
from tests.factories.signing_in import sign_in


def client_of(actor: Actor, language: str = "en") -> Client:
    person = Person.objects.get(pk=actor.person_id)
    Person.objects.filter(pk=person.pk).update(language=language)
    person.refresh_from_db()
    return sign_in(Client(), person)


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.content.decode())
    assert found, name
    return html.unescape(found[1])


def request_fields(bridge: Bridge, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "service_type": "remote_consultation",
        "urgency": "urgent",
        "receiving_organisation": str(bridge.centre.pk),
        "specialty": "cardiology",
        "subject": "活动后气促",
        "question": "是否上转？",
        "patient_name": "岑望舒",
        "sex": "female",
        "birth_date": "1964-03-05",
        "record_number": "QX-1",
        "chief_complaint": "气促 2 周。",
        "present_history": "2 周前起气促。",
        "past_history": "高血压。",
        "medication": "",
        "allergies": "否认",
        "examination": "双肺清。",
        "labs-TOTAL_FORMS": "1",
        "labs-INITIAL_FORMS": "0",
        "labs-0-analyte": "NT-proBNP",
        "labs-0-value": "510",
        "labs-0-unit": "pg/mL",
        "labs-0-low": "0",
        "labs-0-high": "300",
        "labs-0-taken_on": f"{timezone.localdate() - timedelta(days=2):%Y-%m-%d}",
    }
    return fields | changes


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_whole_line_by_forms_alone(bridge, language, run_jobs):
    requester = client_of(bridge.requester, language)
    new = requester.get(reverse("consult_bridge:new_consult"))
    key = hidden(new, "form_key")
    sent = requester.post(reverse("consult_bridge:new_consult"), request_fields(bridge, form_key=key, action="submit"))
    consult_page = reverse("consult_bridge:consult", args=[key])
    assert (sent.status_code, sent.url) == (302, consult_page)
    assert "岑望舒" in requester.get(consult_page).content.decode()

    coordinator = client_of(bridge.coordinator, language)
    triage = reverse("consult_bridge:triage", args=[key])
    assert bridge.expert.name in coordinator.get(triage).content.decode()
    fields = {"action": "assign", "expert": str(bridge.expert.person_id), "urgency": "stat", "note": ""}
    assert coordinator.post(triage, fields).status_code == 302

    expert = client_of(bridge.expert, language)
    assert "活动后气促" in expert.get(reverse("consult_bridge:worklist")).content.decode()
    assert expert.post(reverse("consult_bridge:accept", args=[key])).status_code == 302
    editor = expert.get(consult_page)
    texts = {"template": "echo", "findings": "甲。", "impression": "乙。", "recommendation": "丙。"}
    opinion = reverse("consult_bridge:opinion", args=[key])
    fields = texts | {"revision": hidden(editor, "revision"), "action": "submit"}
    assert expert.post(opinion, fields).status_code == 302
    assert "甲。" not in requester.get(consult_page).content.decode()

    second = client_of(bridge.second, language)
    fields = texts | {"revision": hidden(second.get(consult_page), "revision"), "findings": "甲甲。", "action": "sign"}
    assert second.post(opinion, fields).status_code == 302
    assert Opinion.unscoped.get(consult=key).findings == "甲甲。"
    assert "甲甲。" in requester.get(consult_page).content.decode()
    run_jobs()
    pdf = requester.get(reverse("consult_bridge:opinion_document", args=[key]))
    assert (pdf["Content-Type"], b"".join(pdf.streaming_content)[:5]) == ("application/pdf", b"%PDF-")
    _close_consent_and_withdraw(requester, key)
    for tab in ("opinion", "talk", "history"):
        assert requester.get(consult_page, {"tab": tab}).status_code == 200


def _close_consent_and_withdraw(requester, key):
    close = reverse("consult_bridge:close", args=[key])
    assert requester.get(close).status_code == 200
    assert requester.post(close, {"outcome": "referred", "usefulness": "5", "comment": ""}).status_code == 302
    consent = reverse("consult_bridge:consent", args=[key])
    fields = {"given_by": "patient", "signed_on": date(2026, 1, 5).isoformat(), "form": signed_form()}
    assert requester.post(consent, fields).status_code == 302
    withdraw = reverse("consult_bridge:withdraw_consent", args=[key])
    assert requester.post(withdraw, {"withdraw-reason": ""}).status_code == 302
    assert TeachingConsent.unscoped.get(consult=key).withdrawn_at is not None


def test_a_thin_request_comes_back_with_what_was_typed(bridge):
    requester = client_of(bridge.requester)
    key = hidden(requester.get(reverse("consult_bridge:new_consult")), "form_key")
    fields = request_fields(bridge, form_key=key, service_type="joint_diagnosis", examination="")
    answer = requester.post(reverse("consult_bridge:new_consult"), fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The findings on examination" in text
    assert "at least pulse" in text
    assert "2 周前起气促。" in text
    assert Consult.unscoped.count() == 0


def test_a_draft_is_kept_shown_again_and_gone_after_sending(bridge):
    requester = client_of(bridge.requester)
    key = hidden(requester.get(reverse("consult_bridge:new_consult")), "form_key")
    fields = request_fields(bridge, form_key=key, question="")
    kept = requester.post(reverse("consult_bridge:new_consult"), fields | {"action": "save_draft"})
    draft = reverse("consult_bridge:draft", args=[key])
    assert kept.url == f"{draft}?step=asked"
    assert "2 周前起气促。" in requester.get(draft, {"step": "record"}).content.decode()
    assert "NT-proBNP" in requester.get(draft, {"step": "measured"}).content.decode()
    assert client_of(bridge.outsider).get(kept.url).status_code == 404
    requester.post(reverse("consult_bridge:new_consult"), fields | {"action": "submit", "question": "上转？"})
    assert ConsultDraft.objects.count() == 0
    assert Consult.unscoped.count() == 1


def test_discarding_a_foreign_draft_reads_as_discarding_a_missing_one(bridge):
    # given
    draft_id = uuid7()
    save_draft(actor=bridge.requester, draft_id=draft_id, body={"subject": ["气促"]}, now=timezone.now())
    foreign, missing = (reverse("consult_bridge:delete_draft", args=[key]) for key in (draft_id, uuid7()))
    outsider, requester = client_of(bridge.outsider), client_of(bridge.requester)
    # when somebody of another hospital tries
    answers = [outsider.post(address) for address in (foreign, missing)]
    # then both answer alike, and the draft is there
    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_tokens(answers[0]) == without_tokens(answers[1])
    assert ConsultDraft.objects.get().pk == draft_id
    # and its own person discards it, by one click or two
    assert requester.post(foreign).status_code == 302
    assert not ConsultDraft.objects.exists()
    assert requester.post(foreign).status_code == 302
    # and to the other it still reads as missing
    assert outsider.post(foreign).status_code == 404


def without_tokens(answer) -> str:
    """The page without what is of this request: the forms' token and the address asked for."""
    return re.sub(r'value="([A-Za-z0-9]{64}|/consults/drafts/[^"]*)"', "", answer.content.decode())


def test_more_rows_keep_what_was_typed(bridge):
    requester = client_of(bridge.requester)
    key = hidden(requester.get(reverse("consult_bridge:new_consult")), "form_key")
    fields = request_fields(bridge, form_key=key, action="add_rows", step="measured")
    answer = requester.post(reverse("consult_bridge:new_consult"), fields, follow=True)
    assert answer.status_code == 200
    assert hidden(answer, "labs-TOTAL_FORMS") == "5"
    assert hidden(answer, "labs-0-analyte") == "NT-proBNP"


def test_a_page_that_is_no_page_is_refused_with_a_sentence(bridge):
    requester = client_of(bridge.requester)
    key = hidden(requester.get(reverse("consult_bridge:new_consult")), "form_key")
    script = SimpleUploadedFile("scan.svg", b"<svg onload=alert(1)>", content_type="image/png")
    answer = requester.post(
        reverse("consult_bridge:new_consult"), request_fields(bridge, form_key=key, attachments=script)
    )
    assert answer.status_code == 422
    assert "scan.svg" in answer.content.decode()
    assert Consult.unscoped.count() == 0


def test_a_scanned_page_is_served_to_participants_only(bridge):
    consult = consult_in(bridge, "submitted", timezone.now(), attachments=[SimpleUploadedFile("门诊.pdf", PDF)])
    page = consult.attachments.get()
    address = reverse("consult_bridge:attachment", args=[consult.pk, page.pk])
    assert b"".join(client_of(bridge.requester).get(address).streaming_content) == PDF
    assert client_of(bridge.outsider).get(address).status_code == 404
    assert client_of(bridge.learner).get(address).status_code == 403


def test_a_stale_opinion_form_keeps_the_text_and_shows_the_saved_one(bridge):
    consult = consult_in(bridge, "drafting", timezone.now())
    expert = client_of(bridge.expert)
    fields = {"revision": "0", "template": "echo", "findings": "我的一段", "impression": "", "recommendation": ""}
    answer = expert.post(reverse("consult_bridge:opinion", args=[consult.pk]), fields)
    text = answer.content.decode()
    assert answer.status_code == 409
    both = text[text.index('class="x-both"') :].partition("</section>")[0]
    assert ("我的一段" in both, "心尖四腔心切面显示清楚。" in both) == (True, True)
    assert text.count("The opinion was changed after you opened it.") == 1
    assert "x-errors" not in text
    again = fields | {"revision": hidden(answer, "revision")}
    assert expert.post(reverse("consult_bridge:opinion", args=[consult.pk]), again).status_code == 302
    assert Opinion.unscoped.get().findings == "我的一段"


def test_messages_are_posted_once(bridge):
    consult = consult_in(bridge, "assigned", timezone.now())
    requester = client_of(bridge.requester)
    talk = requester.get(reverse("consult_bridge:consult", args=[consult.pk]), {"tab": "talk"})
    fields = {"message_key": hidden(talk, "message_key"), "text": "患者已住院。"}
    for _click in range(2):
        requester.post(reverse("consult_bridge:messages", args=[consult.pk]), fields)
    assert consult.thread.messages.count() == 1


def test_lists_cost_the_same_for_one_row_and_for_six(bridge):
    now = timezone.now()
    requester = client_of(bridge.requester)
    costs = []
    for rows in (1, 6):
        while Consult.unscoped.count() < rows:
            consult_in(bridge, "submitted", now, subject=f"第 {Consult.unscoped.count()} 例")
        requester.get(reverse("consult_bridge:consults"))  # what is remembered between requests is remembered
        with CaptureQueriesContext(connection) as queries:
            page = requester.get(reverse("consult_bridge:consults"))
        assert len(re.findall("第 . 例", page.content.decode())) >= rows
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_foreign_and_missing_consults_read_the_same(bridge):
    consult = consult_in(bridge, "submitted", timezone.now())
    outsider = client_of(bridge.outsider)
    foreign = outsider.get(reverse("consult_bridge:consult", args=[consult.pk]))
    missing = outsider.get(reverse("consult_bridge:consult", args=["00000000-0000-7000-8000-000000000000"]))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert "岑望舒" not in foreign.content.decode()


def test_home_says_what_needs_me_now(bridge):
    consult_in(bridge, "submitted", timezone.now())
    assert "活动后气促" in client_of(bridge.coordinator).get("/home/").content.decode()
