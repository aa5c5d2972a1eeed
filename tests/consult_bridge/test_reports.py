"""The imaging report: written, checked by a second doctor, signed, corrected by a further version."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult_bridge import api, policies
from consult_bridge.errors import (
    AlreadySigned,
    CheckerIsWriter,
    ConsultEnded,
    ConsultNotFound,
    ReasonMissing,
    ReportBegun,
    ReportIncomplete,
    ReportStale,
)
from consult_bridge.events import ReportSigned
from consult_bridge.models import ConsultStep, Report
from consult_bridge.services.reports import signed_content
from consult_bridge.states import REPORT as MACHINE
from core import crypto
from core.actor import Actor
from core.audit.models import AuditEntry
from core.errors import Forbidden, XinglinError
from core.ids import uuid7
from core.states import WrongState
from tests.factories.consults import REPORT, consult_in, report_in, study_of


def where(report: Report) -> dict[str, Any]:
    return {"consult_id": report.consult_id, "study_id": report.study_id}


@pytest.fixture
def published(monkeypatch) -> list[Any]:
    """The events that services publish; nobody above subscribes to these yet."""
    events: list[Any] = []
    monkeypatch.setattr("core.outbox.publish", lambda event, *, now: events.append(event))
    return events


def test_one_writes_another_checks_and_both_names_stand_on_it(bridge, now, published):
    report = report_in(bridge, "signed", now)
    assert report.state == "signed"
    assert (report.written_by_id, report.checked_by_id) == (bridge.writer.person_id, bridge.second.person_id)
    assert report.content_hash == crypto.digest(signed_content(report))
    crypto.verify(signed_content(report), crypto.Signature.parse(report.signature), purpose="report")
    assert AuditEntry.objects.filter(action="report.signed", subject_id=str(report.consult_id)).count() == 1
    assert published == [ReportSigned(report.consult_id, report.pk)]
    assert ConsultStep.objects.filter(consult=report.consult, verb="report_signed").count() == 1


def test_who_wrote_it_can_neither_return_nor_sign_it(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    at = {"consult_id": consult.pk, "study_id": study_of(consult, now), "now": now}
    api.submit_report(actor=bridge.expert, **at, text=REPORT, revision=0)
    with pytest.raises(CheckerIsWriter):
        api.sign_report(actor=bridge.expert, **at, revision=1)
    with pytest.raises(CheckerIsWriter):
        api.return_report(actor=bridge.expert, **at, reason="自己退回。")
    assert Report.unscoped.get(consult=consult).state == "under_review"


def test_the_database_refuses_a_signature_without_a_second_doctor(bridge, now):
    report = report_in(bridge, "under_review", now)
    signed = {"state": "signed", "signed_by": report.written_by_id, "signed_at": now, "content_hash": "x"}
    for checked_by in (None, report.written_by_id):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.unscoped.filter(pk=report.pk).update(**signed, checked_by=checked_by)
    assert Report.unscoped.get(pk=report.pk).state == "under_review"


def test_a_reporting_doctor_does_not_check(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    at = {"consult_id": consult.pk, "study_id": study_of(consult, now), "now": now}
    api.submit_report(actor=bridge.expert, **at, text=REPORT, revision=0)
    with pytest.raises(Forbidden):
        api.sign_report(actor=bridge.writer, **at, revision=1)
    assert Report.unscoped.get(consult=consult).signed_at is None


def test_an_imaging_report_is_never_signed_from_a_draft(bridge, now):
    report = report_in(bridge, "drafting", now)
    with pytest.raises(WrongState):
        api.sign_report(actor=bridge.second, **where(report), revision=1, now=now)
    assert Report.unscoped.get(pk=report.pk).state == "drafting"


def test_a_sibling_county_and_a_learner_reach_nothing(bridge, now):
    report = report_in(bridge, "under_review", now)
    for actor in (bridge.outsider, bridge.learner):
        for call in (
            lambda actor=actor: api.save_report(actor=actor, **where(report), text=REPORT, revision=1, now=now),
            lambda actor=actor: api.submit_report(actor=actor, **where(report), now=now),
            lambda actor=actor: api.return_report(actor=actor, **where(report), reason="不行。", now=now),
            lambda actor=actor: api.sign_report(actor=actor, **where(report), revision=1, now=now),
            lambda actor=actor: api.amend_report(actor=actor, **where(report), reason="不行。", now=now),
        ):
            with pytest.raises(ConsultNotFound):
                call()
        assert Report.objects.visible_to(actor).count() == 0
    same = Report.unscoped.get(pk=report.pk)
    assert (same.state, same.revision, same.findings) == ("under_review", 1, REPORT.findings)


def test_the_requester_writes_no_report(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    with pytest.raises(Forbidden):
        api.save_report(
            actor=bridge.requester,
            consult_id=consult.pk,
            study_id=study_of(consult, now),
            text=REPORT,
            revision=0,
            now=now,
        )
    assert Report.unscoped.count() == 0


def test_only_an_attached_study_is_reported_on(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    with pytest.raises(ConsultNotFound):
        api.save_report(actor=bridge.writer, consult_id=consult.pk, study_id=uuid7(), text=REPORT, revision=0, now=now)
    assert Report.unscoped.count() == 0


def test_a_stale_form_and_a_second_writer_change_nothing(bridge, now):
    report = report_in(bridge, "drafting", now)
    other = replace(REPORT, findings="另一段。")
    with pytest.raises(ReportStale):
        api.save_report(actor=bridge.writer, **where(report), text=other, revision=0, now=now)
    with pytest.raises(ReportBegun) as caught:
        api.save_report(actor=bridge.expert, **where(report), text=other, revision=1, now=now)
    assert caught.value.params == {"name": "苏见微"}
    assert Report.unscoped.get(pk=report.pk).findings == REPORT.findings


def test_what_is_missing_is_named_and_nothing_goes_on(bridge, now):
    consult = consult_in(bridge, "accepted", now)
    at = {"consult_id": consult.pk, "study_id": study_of(consult, now), "now": now}
    with pytest.raises(ReportIncomplete) as caught:
        api.submit_report(actor=bridge.writer, **at, text=replace(REPORT, technique=" ", impression=""), revision=0)
    assert set(caught.value.fields) == {"technique", "impression"}
    assert Report.unscoped.count() == 0


def test_the_second_of_two_signers_hears_who_was_first(bridge, now):
    report = report_in(bridge, "signed", now)
    with pytest.raises(AlreadySigned) as caught:
        api.sign_report(actor=bridge.expert, **where(report), revision=1, now=now)
    assert caught.value.params == {"name": "宋怀远"}
    assert Report.unscoped.get(pk=report.pk).signed_by_id == bridge.second.person_id


def test_a_returned_report_goes_round_again(bridge, now):
    report = report_in(bridge, "returned", now)
    changed = replace(REPORT, findings="左室腔收缩期明显变小。未评价心包。")
    api.submit_report(actor=bridge.writer, **where(report), text=changed, revision=1, now=now)
    api.sign_report(actor=bridge.second, **where(report), revision=2, now=now)
    signed = Report.unscoped.get(pk=report.pk)
    assert (signed.state, signed.findings) == ("signed", changed.findings)


def test_a_correction_is_a_new_version_and_the_old_one_stays_in_force_until_it_is_signed(bridge, now, published):
    first = report_in(bridge, "signed", now)
    with pytest.raises(ReasonMissing):
        api.amend_report(actor=bridge.writer, **where(first), reason="  ", now=now)
    second = api.amend_report(actor=bridge.writer, **where(first), reason="侧别写错：左改右。", now=now)
    again = api.amend_report(actor=bridge.writer, **where(first), reason="再按一次。", now=now)
    assert (second.pk, second.version, second.findings) == (again.pk, 2, first.findings)
    assert Report.unscoped.get(pk=first.pk).state == "signed"
    changed = replace(REPORT, findings="右侧。", change_reason="侧别写错：左改右。")
    api.submit_report(actor=bridge.writer, **where(first), text=changed, revision=2, now=now)
    with pytest.raises(CheckerIsWriter):
        api.sign_report(actor=bridge.writer, **where(first), revision=3, now=now)
    api.sign_report(actor=bridge.second, **where(first), revision=3, now=now)
    old, new = Report.unscoped.filter(consult=first.consult).order_by("version")
    assert (old.state, old.findings, old.content_hash) == ("amended", REPORT.findings, first.content_hash)
    assert (new.state, new.findings, new.amends_id) == ("signed", "右侧。", first.pk)
    assert published == [ReportSigned(first.consult_id, first.pk), ReportSigned(first.consult_id, second.pk)]


def test_a_correction_says_what_changed(bridge, now):
    first = report_in(bridge, "signed", now)
    api.amend_report(actor=bridge.writer, **where(first), reason="侧别。", now=now)
    with pytest.raises(ReportIncomplete) as caught:
        api.submit_report(actor=bridge.writer, **where(first), text=REPORT, revision=2, now=now)
    assert set(caught.value.fields) == {"change_reason"}


def test_an_error_found_after_closing_is_still_corrected(bridge, now):
    first = report_in(bridge, "signed", now, consult="signed")
    later = now + timedelta(hours=1)
    api.close_consult(
        actor=bridge.requester, consult_id=first.consult_id, outcome="referred", usefulness=5, comment="", now=later
    )
    api.amend_report(actor=bridge.writer, **where(first), reason="补写右室。", now=later)
    api.submit_report(actor=bridge.writer, **where(first), now=later)
    api.sign_report(actor=bridge.second, **where(first), revision=2, now=later)
    assert Report.unscoped.filter(consult=first.consult, state="signed", version=2).count() == 1
    with pytest.raises(ConsultEnded):  # a first report is begun only while the images are shared
        api.save_report(
            actor=bridge.writer,
            consult_id=first.consult_id,
            study_id=study_of(first.consult, later),
            text=REPORT,
            revision=0,
            now=later,
        )


VERBS = ("save", "submit", "return", "sign", "amend")
PEOPLE = ("writer", "expert", "second", "requester", "coordinator", "outsider")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(VERBS), st.sampled_from(PEOPLE)), min_size=6, max_size=14))
def test_whatever_is_tried_the_report_stays_on_its_machine(bridge, now, steps):
    """Every move is one of the table, no signed text changes, and no signature stands without two doctors."""
    consult = consult_in(bridge, "accepted", now)
    at = {"consult_id": consult.pk, "study_id": study_of(consult, now), "now": now}
    frozen: dict[Any, tuple[str, str]] = {}
    for number, (verb, name) in enumerate(steps):
        before = {r.pk: r.state for r in Report.unscoped.filter(consult=consult)}
        try:
            attempt(verb, getattr(bridge, name), at, f"第 {number} 次。")
        except XinglinError:
            assert {r.pk: r.state for r in Report.unscoped.filter(consult=consult)} == before
        for report in Report.unscoped.filter(consult=consult):
            assert report.state in reachable(before.get(report.pk, MACHINE.initial))
            if report.is_signed:
                assert report.checked_by_id not in {None, report.written_by_id}
                assert report.content_hash == crypto.digest(signed_content(report))
                text = (report.findings, report.content_hash)
                assert frozen.setdefault(report.pk, text) == text
        assert Report.unscoped.filter(consult=consult, state="signed").count() <= 1


def attempt(verb: str, actor: Actor, at: dict[str, Any], findings: str) -> None:
    """One verb as the page would send it: on the text that stands now."""
    latest = Report.unscoped.filter(consult=at["consult_id"]).order_by("-version").first()
    revision = latest.revision if latest else 0
    text = replace(REPORT, findings=findings, change_reason="改。")
    if verb == "save":
        api.save_report(actor=actor, **at, text=text, revision=revision)
    elif verb == "submit":
        api.submit_report(actor=actor, **at, text=text, revision=revision)
    elif verb == "return":
        api.return_report(actor=actor, **at, reason="请改。")
    elif verb == "sign":
        api.sign_report(actor=actor, **at, revision=revision)
    else:
        api.amend_report(actor=actor, **at, reason="改。")


def reachable(state: str) -> set[str]:
    """Where one verb can lead; a submission saves first, so it may take two steps of the table."""
    return {state} | {target for (source, _verb), target in MACHINE._table.items() if source == state}


def test_a_rule_answers_the_same_for_a_row_and_for_all_rows(bridge, now):
    reports = [report_in(bridge, state, now) for state in ("drafting", "under_review", "returned", "signed")]
    rows = Report.unscoped.select_related("consult__receiving_organisation").filter(pk__in=[r.pk for r in reports])
    for name in PEOPLE:
        actor = getattr(bridge, name)
        to_check = {r.pk for r in rows if policies.may_check(actor, r)}
        assert set(policies.reports_to_check_by(actor).values_list("pk", flat=True)) == to_check
        to_write = {r.pk for r in rows if policies.may_go_on(actor, r)}
        assert set(policies.reports_to_write_by(actor).values_list("pk", flat=True)) == to_write
    assert policies.reports_to_check_by(bridge.second).count() == 1
    assert policies.reports_to_write_by(bridge.writer).count() == 2
