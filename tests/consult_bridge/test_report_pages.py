"""The imaging report and the critical value through the pages: plain forms, POST, redirect, GET."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult_bridge.models import CriticalValue, Report, ReportDocument
from consult_bridge.services.teaching import identifiers_of, teaching_texts
from tests.consult_bridge.test_pages import client_of, hidden
from tests.factories.consults import REPORT, consult_in, report_in, study_of

FIELDS = {
    "template": "echo",
    "examination": "US 床旁心脏超声",
    "technique": "心尖四腔心切面，灰阶。",
    "comparison": "",
    "findings": "左室腔收缩期明显变小。",
    "impression": "左室收缩功能未见明显减低。",
    "critical_value": "",
    "change_reason": "",
}


def test_the_line_by_forms_alone(bridge, run_jobs):
    now = timezone.now()
    consult = consult_in(bridge, "accepted", now)
    study = study_of(consult, now)
    page = reverse("consult_bridge:consult", args=[consult.pk])
    address = reverse("consult_bridge:report", args=[consult.pk, study])
    writer, second = client_of(bridge.writer), client_of(bridge.second)
    requester = client_of(bridge.requester)

    assert "活动后气促" in writer.get(reverse("consult_bridge:worklist")).content.decode()
    opened = writer.get(page, {"tab": "report"})
    fields = FIELDS | {"revision": hidden(opened, "revision"), "action": "submit"}
    assert writer.post(address, fields).status_code == 302
    assert FIELDS["findings"] not in requester.get(page, {"tab": "report"}).content.decode()

    assert "Imaging report for review" in second.get(reverse("consult_bridge:worklist") + "?tab=check").content.decode()
    signing = FIELDS | {"revision": hidden(second.get(page, {"tab": "report"}), "revision"), "action": "sign"}
    assert second.post(address, signing).status_code == 302
    assert second.post(address, signing).status_code == 302  # the second of two clicks
    again = client_of(bridge.expert).post(address, signing)
    assert (again.status_code, "宋怀远" in again.content.decode()) == (409, True)
    run_jobs()
    report = Report.unscoped.get(consult=consult)
    seen = requester.get(page, {"tab": "report"}).content.decode()
    assert FIELDS["findings"] in seen
    assert "苏见微" in seen
    assert "宋怀远" in seen
    pdf = requester.get(reverse("consult_bridge:report_document", args=[consult.pk, report.pk]))
    assert (pdf["Content-Type"], b"".join(pdf.streaming_content)[:5]) == ("application/pdf", b"%PDF-")


def test_a_correction_by_forms_shows_both_versions(bridge, run_jobs):
    now = timezone.now() - timedelta(minutes=30)
    first = report_in(bridge, "signed", now)
    page = reverse("consult_bridge:consult", args=[first.consult_id])
    address = reverse("consult_bridge:report", args=[first.consult_id, first.study_id])
    writer, second = client_of(bridge.writer), client_of(bridge.second)
    assert writer.post(address, {"action": "amend", "reason": "补写右室。"}).status_code == 302
    changed = FIELDS | {"findings": "右室显示欠清。", "change_reason": "补写右室。"}
    editor = writer.get(page, {"tab": "report"})
    fields = changed | {"revision": hidden(editor, "revision"), "action": "submit"}
    assert writer.post(address, fields).status_code == 302
    assert REPORT.findings in client_of(bridge.requester).get(page, {"tab": "report"}).content.decode()
    revision = hidden(second.get(page, {"tab": "report"}), "revision")
    assert second.post(address, changed | {"revision": revision, "action": "sign"}).status_code == 302
    run_jobs()
    seen = client_of(bridge.requester).get(page, {"tab": "report"}).content.decode()
    for words in (
        "右室显示欠清。",
        REPORT.findings,
        "补写右室。",
        "Version 2, replaces version 1",
        "Version 1, replaced",
    ):
        assert words in seen
    assert ReportDocument.objects.count() == 2


def test_a_stale_report_form_keeps_the_text_and_shows_the_saved_one(bridge):
    report = report_in(bridge, "drafting", timezone.now())
    address = reverse("consult_bridge:report", args=[report.consult_id, report.study_id])
    answer = client_of(bridge.writer).post(address, FIELDS | {"findings": "我的一段", "revision": "0"})
    text = answer.content.decode()
    both = text[text.index('class="x-both"') :].partition("</section>")[0]
    assert (answer.status_code, "我的一段" in both, REPORT.findings in both) == (409, True, True)
    assert text.count("The report was changed after you opened it.") == 1


def test_what_is_missing_stands_beside_its_field(bridge):
    report = report_in(bridge, "drafting", timezone.now())
    address = reverse("consult_bridge:report", args=[report.consult_id, report.study_id])
    fields = FIELDS | {"technique": "", "revision": "1", "action": "submit"}
    answer = client_of(bridge.writer).post(address, fields)
    assert (answer.status_code, "are all needed" in answer.content.decode()) == (422, True)
    assert Report.unscoped.get().state == "drafting"


def test_a_critical_value_is_on_every_page_until_it_is_read_back(bridge):
    report = report_in(bridge, "drafting", timezone.now())
    address = reverse("consult_bridge:report", args=[report.consult_id, report.study_id])
    words = "大量心包积液。"
    client_of(bridge.writer).post(address, FIELDS | {"revision": "1", "critical_value": words, "action": "submit"})
    row = CriticalValue.unscoped.get()
    requester = client_of(bridge.requester)
    page = reverse("consult_bridge:consult", args=[report.consult_id])
    acknowledge = reverse("consult_bridge:critical_value", args=[report.consult_id, row.pk])
    for shown in ("/home/", "/worklist/", "/consults/", page):
        text = requester.get(shown).content.decode()
        assert (shown, words in text, acknowledge in text) == (shown, True, True)
    assert REPORT.findings not in requester.get(page, {"tab": "report"}).content.decode()
    empty = requester.post(acknowledge, {"read_back": " "})
    assert (empty.status_code, "Write back what you understood" in empty.content.decode()) == (422, True)
    for _click in range(2):
        assert requester.post(acknowledge, {"read_back": "大量心包积液，马上联系上转。"}).status_code == 302
    assert acknowledge not in requester.get("/home/").content.decode()
    seen = client_of(bridge.writer).get(page, {"tab": "report"}).content.decode()
    assert "大量心包积液，马上联系上转。" in seen


@pytest.mark.parametrize("who", ["outsider", "learner"])
def test_a_foreign_reader_reaches_no_report(bridge, who, run_jobs):
    report = report_in(bridge, "signed", timezone.now() - timedelta(minutes=5), text=REPORT)
    run_jobs()
    client = client_of(getattr(bridge, who))
    refused = {"outsider": 404, "learner": 403}[who]
    paths = {
        "get": [reverse("consult_bridge:report_document", args=[report.consult_id, report.pk])],
        "post": [reverse("consult_bridge:make_report_document", args=[report.consult_id, report.pk])],
    }
    for method, addresses in paths.items():
        for address in addresses:
            answer = getattr(client, method)(address)
            assert (answer.status_code, REPORT.findings in answer.content.decode()) == (refused, False)
    writing = reverse("consult_bridge:report", args=[report.consult_id, report.study_id])
    assert client.post(writing, {"action": "amend", "reason": "不行"}).status_code == 403
    assert Report.unscoped.count() == 1


def test_the_report_goes_to_teaching_with_everybody_who_took_part_known(bridge, now):
    report = report_in(bridge, "amended", now)
    consult = report.consult
    # The archive holds nothing of this study: the report's text alone is asked about
    consult.studies.all().delete()
    texts = teaching_texts(consult)
    assert texts["imaging_report"].splitlines()[0] == REPORT.examination
    assert "补写右室。" not in texts["imaging_report"]
    assert texts["imaging_report"].count(REPORT.impression) == 1
    assert {"苏见微", "宋怀远"} <= set(identifiers_of(consult).names)
