"""A heading of a template with nothing after it is empty: it is saved as a draft, but neither submitted nor signed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from consult_bridge import api
from consult_bridge.errors import HeadingsEmpty, OpinionIncomplete, ReportIncomplete
from consult_bridge.headings import empty_headings, holds_nothing
from consult_bridge.models import Opinion, Report
from consult_bridge.opinion_templates import REPORT_TEMPLATES, TEMPLATES
from tests.consult_bridge.test_pages import client_of, hidden
from tests.factories.consults import REPORT, TEXT, consult_in, report_in, study_of

HALF = "左室：收缩期明显变小。\n瓣膜：\n心包：\n未见积液。"


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        (HALF, ["瓣膜"]),
        ("Valves:\nPericardium: no effusion.", ["Valves"]),
        ("瓣膜:  \n\n心包：", ["瓣膜", "心包"]),
        ("处理：\n\n1. 利尿。\n2. 随访肾功能。", []),
        ("瓣膜", []),
        ("自拟的标题：\n", []),
        ("瓣膜：未评价\n心包：未评价", []),
        ("Findings by organ:\nLungs: 8 mm nodule.\nLiver: normal.", []),
        ("Key points:\nTreatment: loop diuretic.", []),
        ("要点：\n处理：利尿。", []),
    ],
)
def test_the_headings_with_nothing_after_them(text, empty):
    assert empty_headings(text) == empty


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_template_as_it_is_offered_holds_nothing(language):
    with translation.override(language):
        offered = [str(t.findings) for t in (*TEMPLATES.values(), *REPORT_TEMPLATES.values())]
        offered += [str(t.recommendation) for t in TEMPLATES.values()]
        offered += [str(t.technique) for t in REPORT_TEMPLATES.values()]
    assert [text for text in offered if not holds_nothing(text)] == []
    assert not holds_nothing(HALF)


def test_an_opinion_is_saved_with_them_and_goes_nowhere(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    at = {"actor": bridge.expert, "consult_id": consult.pk, "now": now}
    half = replace(TEXT, findings=HALF)
    api.save_opinion(**at, text=half, revision=0)
    with pytest.raises(HeadingsEmpty) as caught:
        api.submit_opinion(**at, text=half, revision=1)
    assert {name: len(said) for name, said in caught.value.fields.items()} == {"findings": 1}
    assert "瓣膜" in caught.value.fields["findings"][0]
    stored = Opinion.unscoped.get()
    assert (stored.state, stored.revision, stored.findings) == ("drafting", 1, HALF)


def test_a_part_of_headings_alone_is_missing(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    at = {"actor": bridge.expert, "consult_id": consult.pk, "now": now}
    with pytest.raises(OpinionIncomplete) as caught:
        api.submit_opinion(**at, text=replace(TEXT, recommendation="处理：\n随访："), revision=0)
    missing, lines = caught.value.fields["recommendation"]
    assert str(missing) == str(OpinionIncomplete.message)
    assert "处理" in lines and "随访" in lines
    assert Opinion.unscoped.count() == 0


def test_nobody_signs_them_either(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    Opinion.unscoped.filter(consult=consult).update(findings=HALF)
    at = {"actor": bridge.second, "consult_id": consult.pk, "now": now}
    with pytest.raises(HeadingsEmpty):
        api.sign_opinion(**at, revision=1)
    assert Opinion.unscoped.get().state == "under_review"
    api.sign_opinion(**at, revision=1, text=replace(TEXT, findings=HALF.replace("瓣膜：", "瓣膜：未评价")))
    assert Opinion.unscoped.get().state == "signed"


def test_a_report_is_neither_submitted_nor_signed_with_them(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    at = {"consult_id": consult.pk, "study_id": study_of(consult, now), "now": now}
    with pytest.raises(ReportIncomplete) as caught:
        api.submit_report(actor=bridge.writer, **at, text=replace(REPORT, technique="切面：\n图像质量："), revision=0)
    assert set(caught.value.fields) == {"technique"}
    assert Report.unscoped.count() == 0

    report = report_in(bridge, "under_review", now)
    where = {"consult_id": report.consult_id, "study_id": report.study_id, "now": now}
    with pytest.raises(HeadingsEmpty):
        api.sign_report(actor=bridge.second, **where, text=replace(REPORT, findings=HALF), revision=1)
    assert Report.unscoped.get(pk=report.pk).state == "under_review"
    assert Report.unscoped.get(pk=report.pk).findings == REPORT.findings


def test_the_page_names_the_lines_and_keeps_the_text(bridge):
    consult = consult_in(bridge, "accepted", timezone.now())
    expert = client_of(bridge.expert)
    opened = expert.get(reverse("consult_bridge:consult", args=[consult.pk]), {"tab": "opinion"})
    fields = {"findings": HALF, "impression": TEXT.impression, "recommendation": TEXT.recommendation}
    fields |= {"template": "echo", "revision": hidden(opened, "revision"), "action": "submit"}
    answer = expert.post(reverse("consult_bridge:opinion", args=[consult.pk]), fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Still empty: 瓣膜. Fill the line in, write “not assessed”, or delete it." in page
    assert "未见积液。" in page
    assert Opinion.unscoped.count() == 0
