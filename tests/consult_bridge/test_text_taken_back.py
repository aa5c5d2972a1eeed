"""The writer takes a submitted opinion or report back until a second doctor has begun to check it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from consult_bridge import api, policies
from consult_bridge.errors import CheckBegun
from consult_bridge.models import Consult, ConsultStep, CriticalValue, Opinion, Report
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.notify.models import Notification
from core.states import WrongState
from tests.consult_bridge.test_pages import client_of
from tests.factories.consults import REPORT, TEXT, consult_in, report_in

BUTTON = "Take it back to change it"


def told(kind: str) -> set:
    return set(Notification.objects.filter(kind=kind).values_list("person_id", flat=True))


def where(report: Report) -> dict[str, Any]:
    return {"consult_id": report.consult_id, "study_id": report.study_id}


def test_an_opinion_is_in_its_writers_hands_again(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    at = {"consult_id": consult.pk, "now": now + timedelta(hours=1)}
    assert policies.may_take_back(bridge.expert, Opinion.unscoped.get())
    api.take_back_opinion(actor=bridge.expert, **at)
    api.take_back_opinion(actor=bridge.expert, **at)  # the second of two clicks
    assert (Opinion.unscoped.get().state, Consult.unscoped.get(pk=consult.pk).state) == ("drafting", "drafting")
    assert told("opinion.taken_back") == {bridge.second.person_id}
    assert ConsultStep.objects.filter(consult=consult, verb="take_back_opinion").count() == 1
    assert AuditEntry.objects.filter(action="consult.take_back_opinion", subject_id=str(consult.pk)).count() == 1
    api.submit_opinion(actor=bridge.expert, **at, text=replace(TEXT, impression="未见心包积液。"), revision=1)
    assert Opinion.unscoped.get().state == "under_review"


def test_a_report_is_in_its_writers_hands_again_and_what_was_critical_stays_told(bridge, now):
    report = report_in(bridge, "under_review", now, text=replace(REPORT, critical_value="大量心包积液。"))
    at = {**where(report), "now": now + timedelta(hours=1)}
    api.take_back_report(actor=bridge.writer, **at)
    api.take_back_report(actor=bridge.writer, **at)
    assert Report.unscoped.get().state == "drafting"
    assert CriticalValue.unscoped.get().state == "awaiting"
    assert told("report.taken_back") == {bridge.expert.person_id, bridge.second.person_id}
    assert ConsultStep.objects.filter(consult=report.consult, verb="report_taken_back").count() == 1
    assert AuditEntry.objects.filter(action="report.taken_back").count() == 1
    api.submit_report(actor=bridge.writer, **at)
    assert Report.unscoped.get().state == "under_review"


def test_not_after_the_second_doctor_has_saved(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    later = now + timedelta(hours=1)
    changed = replace(TEXT, impression="未见心包积液。")
    api.save_opinion(actor=bridge.second, consult_id=consult.pk, text=changed, revision=1, now=later)
    with pytest.raises(CheckBegun):
        api.take_back_opinion(actor=bridge.expert, consult_id=consult.pk, now=later)
    report = report_in(bridge, "under_review", now)
    changed_report = replace(REPORT, impression="左室收缩功能正常。")
    api.save_report(actor=bridge.second, **where(report), text=changed_report, revision=1, now=later)
    with pytest.raises(CheckBegun):
        api.take_back_report(actor=bridge.writer, **where(report), now=later)
    assert (Opinion.unscoped.get().state, Report.unscoped.get().state) == ("under_review", "under_review")
    assert told("opinion.taken_back") | told("report.taken_back") == set()
    assert BUTTON not in client_of(bridge.expert).get(f"/consults/{consult.pk}/").content.decode()


def test_what_was_returned_and_submitted_again_is_taken_back(bridge, now):
    consult = consult_in(bridge, "under_review", now)
    later = now + timedelta(hours=1)
    changed = replace(TEXT, impression="未见心包积液。")
    api.save_opinion(actor=bridge.second, consult_id=consult.pk, text=changed, revision=1, now=later)
    api.return_opinion(actor=bridge.second, consult_id=consult.pk, reason="请补充右室。", now=later)
    with pytest.raises(WrongState):
        api.take_back_opinion(actor=bridge.expert, consult_id=consult.pk, now=later)
    again = later + timedelta(hours=1)
    api.submit_opinion(actor=bridge.expert, consult_id=consult.pk, text=TEXT, revision=2, now=again)
    api.take_back_opinion(actor=bridge.expert, consult_id=consult.pk, now=again)
    assert Opinion.unscoped.get().state == "drafting"


@pytest.mark.parametrize("who", ["second", "writer"])
def test_nobody_else_takes_an_opinion_back(bridge, now, who):
    consult = consult_in(bridge, "under_review", now)
    with pytest.raises(Forbidden):
        api.take_back_opinion(actor=getattr(bridge, who), consult_id=consult.pk, now=now)
    assert Opinion.unscoped.get().state == "under_review"
    assert told("opinion.taken_back") == set()


def test_the_way_back_stands_on_top_of_the_consult(bridge):
    consult = consult_in(bridge, "under_review", timezone.now() - timedelta(hours=1))
    address, page = f"/consults/{consult.pk}/opinion/", f"/consults/{consult.pk}/"
    expert = client_of(bridge.expert)
    assert BUTTON in expert.get(page).content.decode()
    assert BUTTON not in client_of(bridge.second).get(page).content.decode()
    assert expert.post(address, {"action": "take_back"}).status_code == 302
    assert expert.post(address, {"action": "take_back"}).status_code == 302
    assert "Submit for review" in expert.get(page, {"tab": "opinion"}).content.decode()

    report = report_in(bridge, "under_review", timezone.now() - timedelta(hours=1))
    url = f"/consults/{report.consult_id}/studies/{report.study_id}/report/"
    writer = client_of(bridge.writer)
    assert BUTTON in writer.get(f"/consults/{report.consult_id}/", {"tab": "report"}).content.decode()
    assert writer.post(url, {"action": "take_back"})["Location"].endswith(f"study={report.study_id}")
    assert Report.unscoped.get().state == "drafting"
