"""The writer gives up a correction, or a report, that nobody needs; it can be begun again, and keeps no image."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from consult_bridge import api, policies
from consult_bridge.errors import (
    AlreadySigned,
    ChangedNotGivenUp,
    CriticalValueTold,
    OpinionBegun,
    OpinionStale,
    ReportBegun,
    ReportGivenUp,
    TextGivenUp,
)
from consult_bridge.models import ConsultStep, ConsultStudy, Opinion, Report, UnsavedText
from consult_bridge.selectors.consults import Filters, work_list
from consult_bridge.services.expiring import idle_text_ids
from consult_bridge.services.opinions import keep_typed_opinion
from consult_bridge.services.reports import keep_typed_report
from core.audit.models import AuditEntry
from core.errors import Forbidden
from core.notify.models import Notification
from core.states import WrongState
from media_pipeline import api as media
from tests.consult_bridge.test_images import dicom_file, send
from tests.factories.consults import REPORT, TEXT, consult_in, report_in

REASON = "剂量写错。"
AFTER = timedelta(hours=1)


def told(kind: str) -> set[Any]:
    return set(Notification.objects.filter(kind=kind).values_list("person_id", flat=True))


def listed(actor, tab: str) -> int:
    return work_list(actor, tab, Filters()).count()


def where(report: Report) -> dict[str, Any]:
    return {"consult_id": report.consult_id, "study_id": report.study_id}


def test_a_correction_that_nobody_needs_ends_and_the_signed_opinion_stands_as_before(bridge, now):
    # given a correction that came back from the second doctor
    consult = consult_in(bridge, "closed", now)
    before = Opinion.unscoped.filter(consult=consult).values_list().get()
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now}
    api.amend_opinion(actor=bridge.expert, **at, reason=REASON)
    api.submit_opinion(actor=bridge.expert, **at)
    api.return_opinion(actor=bridge.second, **at, reason="原文没有错。")
    assert (listed(bridge.expert, "mine"), listed(bridge.coordinator, "team")) == (1, 1)
    # when
    for _click in range(2):
        api.give_up_correction(actor=bridge.expert, consult_id=consult.pk, revision=2, now=now + AFTER)
    # then
    assert Opinion.unscoped.filter(consult=consult, version=1).values_list().get() == before
    assert Opinion.unscoped.get(version=2).state == "given_up"
    assert (listed(bridge.expert, "mine"), listed(bridge.second, "check"), listed(bridge.coordinator, "team")) == (
        0,
        0,
        0,
    )
    assert ConsultStep.objects.filter(consult=consult, verb="opinion_amendment_given_up").count() == 1
    assert AuditEntry.objects.filter(action="opinion.amendment_given_up", subject_id=str(consult.pk)).count() == 1
    consult.refresh_from_db()
    assert consult.state == "closed"


def test_the_images_end_with_it(bridge, now, run_jobs):
    consult = consult_in(bridge, "signed", now)
    send(bridge, consult, dicom_file("QX-2026-0817"), now, run_jobs)
    study = ConsultStudy.unscoped.get().study_id
    api.close_consult(actor=bridge.requester, consult_id=consult.pk, outcome="referred", usefulness=5, now=now)
    api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason=REASON, now=now)
    assert media.may_view_study(bridge.expert, study, now)
    api.give_up_correction(actor=bridge.expert, consult_id=consult.pk, revision=2, now=now)
    assert not media.may_view_study(bridge.expert, study, now)


def test_who_begins_it_again_begins_with_the_signed_text_and_no_page_of_before_fits(bridge, now):
    # given a correction that the expert gave up
    consult = consult_in(bridge, "signed", now)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now + AFTER}
    changed = replace(TEXT, recommendation="建议 2.5 mg 每日一次。", change_reason=REASON)
    api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason=REASON, now=now)
    api.save_opinion(actor=bridge.expert, consult_id=consult.pk, text=changed, revision=2, now=now)
    api.give_up_correction(actor=bridge.expert, consult_id=consult.pk, revision=3, now=now)
    for call in (api.save_opinion, api.submit_opinion, api.sign_opinion):
        with pytest.raises(TextGivenUp):
            call(actor=bridge.expert, **at, text=changed, revision=3)
    with pytest.raises(TextGivenUp):
        api.return_opinion(actor=bridge.second, **at, reason="请改。", revision=3)
    # when a colleague begins one
    begun = api.amend_opinion(actor=bridge.second, **at, reason="侧别写错。")
    # then it is the same version, with the signed text, and the colleague's alone
    assert (begun.version, begun.state, begun.revision) == (2, "drafting", 4)
    assert (begun.recommendation, begun.change_reason) == (TEXT.recommendation, "侧别写错。")
    assert (begun.written_by_id, begun.submitted_at, begun.created_at) == (
        bridge.second.person_id,
        None,
        now + AFTER,
    )
    api.submit_opinion(actor=bridge.second, **at)
    with pytest.raises(TextGivenUp):
        api.return_opinion(actor=bridge.expert, **at, reason="请改。", revision=3)
    with pytest.raises(TextGivenUp):
        api.take_back_opinion(actor=bridge.second, **at, revision=3)
    with pytest.raises(TextGivenUp):
        api.sign_opinion(actor=bridge.expert, **at, revision=3)
    # and who gave it up may check it
    api.sign_opinion(actor=bridge.expert, **at, revision=4)
    states = Opinion.unscoped.filter(consult=consult).order_by("version").values_list("version", "state")
    assert list(states) == [(1, "amended"), (2, "signed")]


def test_it_is_given_up_by_its_writer_alone_as_it_was_seen_and_not_out_of_the_checkers_hands(bridge, now):
    consult = consult_in(bridge, "signed", now)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now}
    with pytest.raises(AlreadySigned):
        api.give_up_correction(actor=bridge.expert, **at, revision=1)
    api.amend_opinion(actor=bridge.expert, **at, reason=REASON)
    for actor, error in ((bridge.second, OpinionBegun), (bridge.requester, Forbidden), (bridge.coordinator, Forbidden)):
        with pytest.raises(error):
            api.give_up_correction(actor=actor, **at, revision=2)
    api.save_opinion(actor=bridge.expert, **at, text=replace(TEXT, change_reason=REASON), revision=2)
    with pytest.raises(ChangedNotGivenUp):
        api.give_up_correction(actor=bridge.expert, **at, revision=2)
    api.submit_opinion(actor=bridge.expert, **at)
    with pytest.raises(WrongState):
        api.give_up_correction(actor=bridge.expert, **at, revision=3)
    assert Opinion.unscoped.get(version=2).state == "under_review"


def test_a_first_opinion_is_not_given_up(bridge, now):
    consult = consult_in(bridge, "drafting", now)
    with pytest.raises(Forbidden):
        api.give_up_correction(actor=bridge.expert, consult_id=consult.pk, revision=1, now=now)
    opinion = Opinion.unscoped.get()
    assert (opinion.state, policies.may_give_up(bridge.expert, opinion)) == ("drafting", False)


def test_whoever_wrote_in_it_before_is_told_and_what_was_typed_for_it_goes(bridge, now):
    consult = consult_in(bridge, "signed", now)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now}
    api.amend_opinion(actor=bridge.expert, **at, reason=REASON)
    api.take_over_opinion(actor=bridge.second, **at, writer_id=bridge.expert.person_id, revision=2)
    keep_typed_opinion(actor=bridge.second, **at, text=TEXT, revision=2)
    api.give_up_correction(actor=bridge.second, **at, revision=2)
    assert (told("opinion.given_up"), UnsavedText.objects.count()) == ({bridge.expert.person_id}, 0)
    # and what the other window of the writer still types is refused with a sentence
    with pytest.raises(TextGivenUp):
        keep_typed_opinion(actor=bridge.second, **at, text=TEXT, revision=2)


def test_a_report_on_the_wrong_study_is_given_up_and_the_study_waits_for_one_again(bridge, now):
    # given
    report = report_in(bridge, "returned", now)
    # when
    for _click in range(2):
        api.give_up_report(actor=bridge.writer, **where(report), revision=1, now=now + AFTER)
    # then nobody has it, and whoever reports finds the study once more
    assert Report.unscoped.get().state == "given_up"
    assert listed(bridge.second, "report") == 1
    assert ConsultStep.objects.filter(consult=report.consult, verb="report_given_up").count() == 1
    # when another doctor begins it
    at = {**where(report), "now": now + 2 * AFTER}
    begun = api.save_report(actor=bridge.second, **at, text=replace(REPORT, findings="另写。"), revision=0)
    # then
    assert (begun.pk, begun.version, begun.revision, begun.written_by_id) == (report.pk, 1, 2, bridge.second.person_id)
    assert (begun.return_reason, begun.submitted_at) == ("", None)
    with pytest.raises(ReportBegun):
        api.save_report(actor=bridge.writer, **at, text=REPORT, revision=1)


def test_what_comes_for_a_report_that_was_given_up_says_so_and_is_not_lost(bridge, now):
    report = report_in(bridge, "under_review", now)
    at = {**where(report), "now": now + AFTER}
    api.take_back_report(actor=bridge.writer, **at)
    api.give_up_report(actor=bridge.writer, **at, revision=1)
    with pytest.raises(TextGivenUp):
        api.sign_report(actor=bridge.second, **at, text=REPORT, revision=1)
    with pytest.raises(TextGivenUp):
        api.return_report(actor=bridge.second, **at, reason="请改。", revision=1)
    with pytest.raises(ReportGivenUp):
        api.save_report(actor=bridge.writer, **at, text=REPORT, revision=1)
    with pytest.raises(ReportGivenUp):
        keep_typed_report(actor=bridge.writer, **at, text=REPORT, revision=1)
    # and what is typed for a new one is kept
    assert keep_typed_report(actor=bridge.writer, **at, text=REPORT, revision=0)
    assert idle_text_ids(now + AFTER) == []
    assert Report.unscoped.get().state == "given_up"


def test_out_of_which_a_critical_value_was_told_it_is_not_given_up(bridge, now):
    report = report_in(bridge, "returned", now, text=replace(REPORT, critical_value="大量心包积液。"))
    with pytest.raises(CriticalValueTold):
        api.give_up_report(actor=bridge.writer, **where(report), revision=1, now=now)
    assert Report.unscoped.get().state == "returned"


def test_the_correction_of_a_report_is_given_up_and_begun_again_by_a_colleague(bridge, now):
    report = report_in(bridge, "signed", now)
    current = api.amend_report(actor=bridge.writer, **where(report), reason="补写右室。", now=now)
    api.give_up_report(actor=bridge.writer, **where(report), revision=current.revision, now=now)
    assert (listed(bridge.writer, "report"), Report.unscoped.get(version=1).state) == (0, "signed")
    again = api.amend_report(actor=bridge.second, **where(report), reason="侧别写错。", now=now + AFTER)
    assert (again.pk, again.written_by_id, again.state) == (current.pk, bridge.second.person_id, "drafting")
    with pytest.raises(ReportBegun):
        api.give_up_report(actor=bridge.writer, **where(report), revision=again.revision, now=now)


def test_a_page_of_an_earlier_version_takes_nothing_over(bridge, now):
    # given a page of version 1 while the expert wrote it, and a correction that the expert began since
    consult = consult_in(bridge, "signed", now)
    at: dict[str, Any] = {"consult_id": consult.pk, "now": now, "writer_id": bridge.expert.person_id}
    api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason=REASON, now=now)
    with pytest.raises(AlreadySigned):
        api.take_over_opinion(actor=bridge.second, **at, revision=1)
    assert Opinion.unscoped.get(version=2).written_by_id == bridge.expert.person_id
    api.take_over_opinion(actor=bridge.second, **at, revision=2)
    assert Opinion.unscoped.get(version=2).written_by_id == bridge.second.person_id


def test_a_stale_opinion_form_still_reads_that_it_is_stale(bridge, now):
    consult = consult_in(bridge, "signed", now)
    api.amend_opinion(actor=bridge.expert, consult_id=consult.pk, reason=REASON, now=now)
    with pytest.raises(OpinionStale):
        api.save_opinion(actor=bridge.expert, consult_id=consult.pk, text=TEXT, revision=1, now=now)
