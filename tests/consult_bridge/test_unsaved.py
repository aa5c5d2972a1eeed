"""What a doctor types is kept by the page itself, for that doctor alone, and moves nothing until it is saved."""

from __future__ import annotations

import html
import re
from dataclasses import asdict

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge.models import Consult, Opinion, OpinionRevision, Report, ReportRevision, UnsavedText
from consult_bridge.services.opinions import return_opinion
from consult_bridge.services.reports import return_report
from tests.consult_bridge.test_pages import client_of, hidden
from tests.factories.consults import REPORT, TEXT, consult_in, report_in, study_of

TYPED = {"findings": "打到一半的所见", "impression": "", "recommendation": "", "template": "echo"}
REPORTED = asdict(REPORT) | {"findings": "打到一半的报告"}
JSON = {"accept": "application/json"}


def opinion_addresses(consult):
    names = ("consult", "opinion", "opinion_autosave")
    return [reverse(f"consult_bridge:{name}", args=[consult.pk]) for name in names]


def report_addresses(consult_id, study_id):
    return [reverse(f"consult_bridge:{name}", args=[consult_id, study_id]) for name in ("report", "report_autosave")]


def test_typing_an_opinion_begins_nothing(bridge):
    consult = consult_in(bridge, "accepted", timezone.now())
    page, _save, autosave = opinion_addresses(consult)
    expert = client_of(bridge.expert)
    answer = expert.post(autosave, TYPED | {"revision": "0"}, headers=JSON)
    assert (answer.status_code, answer.json()) == (200, {})
    assert Consult.unscoped.get(pk=consult.pk).state == "accepted"
    assert Opinion.unscoped.count() == 0
    assert "打到一半的所见" in expert.get(page).content.decode()


def test_a_returned_opinion_stays_returned_until_it_is_saved(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "under_review", now)
    return_opinion(actor=bridge.second, consult_id=consult.pk, reason="请补充右室。", now=now)
    page, save, autosave = opinion_addresses(consult)
    expert = client_of(bridge.expert)
    revision = hidden(expert.get(page), "revision")
    assert expert.post(autosave, TYPED | {"revision": revision}).status_code == 200
    kept = Opinion.unscoped.get(consult=consult)
    assert (kept.state, kept.findings, str(kept.revision)) == ("returned", TEXT.findings, revision)
    expert.post(save, TYPED | {"revision": revision, "action": "save"})
    assert Opinion.unscoped.get(consult=consult).state == "drafting"
    assert UnsavedText.objects.count() == 0


def test_what_is_typed_leaves_no_revision_and_is_seen_by_its_writer_alone(bridge):
    consult = consult_in(bridge, "drafting", timezone.now())
    page, _save, autosave = opinion_addresses(consult)
    before = OpinionRevision.objects.count()
    client_of(bridge.expert).post(autosave, TYPED | {"revision": "1"})
    assert OpinionRevision.objects.count() == before
    assert Opinion.unscoped.get(consult=consult).revision == 1
    assert "打到一半的所见" not in client_of(bridge.writer).get(page).content.decode()
    assert "打到一半的所见" not in client_of(bridge.requester).get(page).content.decode()


def test_the_second_doctors_typing_does_not_touch_the_text_under_review(bridge):
    consult = consult_in(bridge, "under_review", timezone.now())
    page, save, autosave = opinion_addresses(consult)
    second = client_of(bridge.second)
    revision = hidden(second.get(page), "revision")
    assert second.post(autosave, TYPED | {"revision": revision}).status_code == 200
    assert Opinion.unscoped.get(consult=consult).findings == TEXT.findings
    assert "打到一半的所见" in second.get(page).content.decode()
    assert client_of(bridge.expert).post(autosave, TYPED | {"revision": revision}).status_code == 409
    assert Opinion.unscoped.get(consult=consult).state == "under_review"
    whole = {"findings": "核对后的所见", "impression": "乙。", "recommendation": "丙。"}
    second.post(save, whole | {"revision": revision, "action": "sign"})
    assert Opinion.unscoped.get(consult=consult).findings == "核对后的所见"
    assert UnsavedText.objects.count() == 0
    late = second.post(autosave, TYPED | {"revision": revision}, headers=JSON)
    assert (late.status_code, UnsavedText.objects.count()) == (409, 0)


def test_a_stale_form_is_told_and_what_was_typed_is_kept_beside_the_saved_text(bridge):
    consult = consult_in(bridge, "drafting", timezone.now())
    page, _save, autosave = opinion_addresses(consult)
    expert = client_of(bridge.expert)
    answer = expert.post(autosave, TYPED | {"revision": "0"}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "opinion_stale")
    shown = expert.get(page).content.decode()
    assert "The text was changed by somebody else after you began to type." in shown
    assert "打到一半的所见" in shown
    assert TEXT.findings in shown
    assert hidden(expert.get(page), "revision") == "1"


def test_what_was_typed_can_be_discarded(bridge):
    consult = consult_in(bridge, "drafting", timezone.now())
    page, save, autosave = opinion_addresses(consult)
    expert = client_of(bridge.expert)
    expert.post(autosave, TYPED | {"revision": "1"})
    assert expert.post(save, TYPED | {"revision": "1", "action": "discard"}).status_code == 302
    shown = expert.get(page).content.decode()
    assert "打到一半的所见" not in shown
    assert TEXT.findings in shown


def test_typing_a_report_begins_none_and_changes_none(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "accepted", now)
    study_id = study_of(consult, now)
    save, autosave = report_addresses(consult.pk, study_id)
    writer = client_of(bridge.writer)
    assert writer.post(autosave, REPORTED | {"revision": "0"}).json() == {}
    assert Report.unscoped.count() == 0
    page = reverse("consult_bridge:consult", args=[consult.pk])
    assert "打到一半的报告" in writer.get(page, {"tab": "report"}).content.decode()
    assert writer.post(save, REPORTED | {"revision": "0", "action": "save"}).status_code == 302
    assert (Report.unscoped.get().findings, UnsavedText.objects.count()) == ("打到一半的报告", 0)


def test_a_returned_report_stays_returned_and_a_stale_one_is_told(bridge):
    now = timezone.now()
    report = report_in(bridge, "under_review", now)
    where = {"consult_id": report.consult_id, "study_id": report.study_id}
    return_report(actor=bridge.second, **where, reason="请补充。", now=now)
    _save, autosave = report_addresses(report.consult_id, report.study_id)
    writer = client_of(bridge.writer)
    assert writer.post(autosave, REPORTED | {"revision": "1"}).status_code == 200
    stale = writer.post(autosave, REPORTED | {"revision": "0"}, headers=JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "report_stale")
    kept = Report.unscoped.get()
    assert (kept.state, kept.findings, kept.revision) == ("returned", REPORT.findings, 1)
    assert ReportRevision.objects.count() == 1
    assert UnsavedText.objects.count() == 1


@pytest.mark.parametrize("who", ["requester", "outsider", "learner"])
def test_nobody_else_keeps_a_text_here(bridge, who):
    consult = consult_in(bridge, "drafting", timezone.now())
    autosave = opinion_addresses(consult)[2]
    assert client_of(getattr(bridge, who)).post(autosave, TYPED | {"revision": "1"}).status_code in {403, 404}
    assert UnsavedText.objects.count() == 0


def page_in(answer):
    """The address that a refresh asks for, once what was typed is kept."""
    return html.unescape(re.search(r'data-page="([^"]*)"', answer.content.decode())[1])


def test_after_a_refusal_the_kept_text_has_a_page_of_its_own(bridge):
    # given an empty opinion that came back from an address that takes posts only
    consult = consult_in(bridge, "accepted", timezone.now())
    _page, save, autosave = opinion_addresses(consult)
    expert = client_of(bridge.expert)
    empty = {"findings": "", "impression": "", "recommendation": "", "template": "echo", "revision": "0"}
    refused = expert.post(save, empty | {"action": "submit"})
    assert (refused.status_code, expert.get(save).status_code) == (422, 405)
    # when text is typed and kept
    assert expert.post(autosave, TYPED | {"revision": "0"}, headers=JSON).status_code == 200
    # then the page that the form names shows it
    shown = expert.get(page_in(refused))
    assert shown.status_code == 200
    assert "打到一半的所见" in shown.content.decode()
    assert "What you typed last is here, not saved yet." in shown.content.decode()


def test_a_refused_report_names_the_page_of_its_study(bridge):
    now = timezone.now()
    consult = consult_in(bridge, "accepted", now)
    study_id = study_of(consult, now)
    save, autosave = report_addresses(consult.pk, study_id)
    writer = client_of(bridge.writer)
    empty = {name: "" for name in REPORTED} | {"template": "echo", "revision": "0"}
    refused = writer.post(save, empty | {"action": "submit"})
    assert refused.status_code == 422
    assert writer.post(autosave, REPORTED | {"revision": "0"}, headers=JSON).status_code == 200
    assert "打到一半的报告" in writer.get(page_in(refused)).content.decode()
