"""The imaging report: written by one doctor, checked and signed by a second, corrected only by a further version."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import (
    CheckerIsWriter,
    ConsultNotFound,
    ReportGivenUp,
    ReportIncomplete,
    ReportStale,
    SignedNotReturned,
    TextGivenUp,
)
from consult_bridge.events import ReportSigned
from consult_bridge.models import Consult, ConsultStudy, Report
from consult_bridge.notices import tell
from consult_bridge.services import critical, sharing, unsaved, written
from consult_bridge.services.moving import add_step, end_checking, lock_consult, reason_of, record, require, was_done
from consult_bridge.services.ordering import order_pdf
from consult_bridge.services.second_doctor import tell_when_nobody_is_left
from consult_bridge.states import CONSULT, REPORT
from core import outbox
from core.actor import Actor
from core.states import WrongState


@dataclass(frozen=True, slots=True)
class ReportText:
    """What the editor holds; `template` is the key of the template it was begun from."""

    examination: str
    technique: str
    findings: str
    impression: str
    comparison: str = ""
    critical_value: str = ""
    change_reason: str = ""
    template: str = ""


def save_report(
    *,
    actor: Actor,
    consult_id: UUID,
    study_id: UUID,
    text: ReportText,
    revision: int,
    now: datetime,
) -> Report:
    """Store the texts; `revision` is the one the form was opened with, 0 begins the report on this study.

    A second click changes nothing. The checker may change a text under review; it stays the writer's report. Raises
    ReportStale when somebody saved in between, ReportGivenUp where the report of this form is nobody's any more,
    ReportBegun where another doctor writes it, AlreadySigned, ConsultNotFound, ConsultEnded, Forbidden; ConsultMoved
    where the consult or the text is in other hands now: what was typed is kept.
    """
    with unsaved.kept_if_moved(consult_id, study_id, asdict(text), revision=revision, actor=actor, now=now):
        consult = lock_consult(actor, consult_id)
        report = report_of(consult, study_id)
        _check_may_save(actor, consult, report, revision)
        if report is not None and written.was_saved(report, asdict(text), revision, actor=actor):
            unsaved.forget_if_same(consult, study_id, asdict(text), actor=actor)
            return report
        if (report.revision if report else 0) != revision:
            raise ReportStale if report else ReportGivenUp
        report = report or _begun(consult, study_id, actor=actor, now=now)
        written.store(report, asdict(text), template=text.template, actor=actor, now=now)
        unsaved.forget(consult, study_id, actor=actor)
        _record(consult, "report.saved", report, actor=actor, now=now)
        return report


def _begun(consult: Consult, study_id: UUID, *, actor: Actor, now: datetime) -> Report:
    """The first version of a report, or the one that was given up, in the actor's hands."""
    _require_attached(consult, study_id)
    given_up = Report.unscoped.filter(consult=consult, study_id=study_id, state="given_up").first()
    if given_up is None:
        return Report(consult=consult, study_id=study_id, written_by_id=actor.person_id, created_at=now)
    written.begin_again(given_up, actor=actor, now=now)
    return given_up


def keep_typed_report(
    *, actor: Actor, consult_id: UUID, study_id: UUID, text: ReportText, revision: int, now: datetime
) -> bool:
    """Keep what is typed for whoever types it, writer, checker or neither, until it is saved; the report itself stays.

    False when another text was saved, or the writing was taken over, meanwhile: it is kept all the same, also while the
    consult waits for somebody else. What is typed into a text that was given up is not. Raises AlreadySigned,
    ReportGivenUp, TextGivenUp, ConsultNotFound, ConsultEnded, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        report = report_of(consult, study_id)
        written.require_unsigned(report, revision)
        unsaved.require_may_type(actor, consult, is_begun=report is not None)
        if report is None:
            _require_attached(consult, study_id)
            if revision:
                raise ReportGivenUp
        unsaved.keep(consult, study_id, asdict(text), revision=revision, actor=actor, now=now)
        may_check = report is not None and policies.may_check(actor, report)
        return unsaved.is_current(report, revision, may_check=may_check, actor=actor)


def forget_typed_report(*, actor: Actor, consult_id: UUID, study_id: UUID) -> None:
    with transaction.atomic():
        unsaved.forget(lock_consult(actor, consult_id), study_id, actor=actor)


def _check_may_save(actor: Actor, consult: Consult, report: Report | None, revision: int) -> None:
    written.require_unsigned(report, revision)
    stands = CONSULT.states[consult.state]
    if report is None:
        unsaved.require_state(policies.may_begin_report(actor, consult), consult, stands, actor=actor)
    elif report.state == "under_review":
        stands = REPORT.states[report.state]
        may_check = policies.may_check(actor, report)
        unsaved.require_state(may_check, consult, stands, actor=actor, is_begun=True)
    else:
        _require_writer(actor, report)


def _require_writer(actor: Actor, report: Report) -> None:
    if report.written_by_id != actor.person_id and policies.answers(actor, report.consult):
        raise written.begun_by_another(report)
    stands = CONSULT.states[report.consult.state]
    may_write = policies.may_go_on(actor, report)
    unsaved.require_state(may_write, report.consult, stands, actor=actor, is_begun=True)


def take_over_report(
    *,
    actor: Actor,
    consult_id: UUID,
    study_id: UUID,
    writer_id: UUID,
    now: datetime,
    revision: int | None = None,
) -> None:
    """Go on with the text of `writer_id`, who is told; from now on the actor's name stands on it. `revision` as in
    `take_over_opinion`.

    A second click changes nothing. Raises ReportBegun where it is not `writer_id` who writes it any more,
    AlreadySigned, ConsultWentOn, WrongState while it is under review, ConsultNotFound, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        report = existing_report(consult, study_id)
        if report.is_signed:
            written.require_this_version(report, revision)
            raise written.signed_before(report)
        if report.written_by_id == actor.person_id:
            return
        require(policies.answers(actor, consult))
        if report.written_by_id != writer_id:
            raise written.begun_by_another(report)
        written.require_this_version(report, revision)
        written.require_being_written(report)
        written.take_over(report, actor=actor, now=now)
        sharing.share_unsigned(consult, now=now)
        details = {"report": str(report.pk), "version": report.version, "former_writer": str(writer_id)}
        record(consult, "report.taken_over", actor=actor, now=now, details=details)
        key = f"report-taken-over:{report.pk}:{now.isoformat()}"
        tell([writer_id], "report.taken_over", consult, now=now, key=key)
        tell_when_nobody_is_left(report, now=now)


def submit_report(
    *,
    actor: Actor,
    consult_id: UUID,
    study_id: UUID,
    now: datetime,
    text: ReportText | None = None,
    revision: int = 0,
) -> Report:
    """Send the report to a second doctor, saving `text` first when one is given. A critical value is told now. A second
    click changes nothing.

    Raises ReportIncomplete, WrongState, and what `save_report` raises.
    """
    typed = asdict(text) if text else None
    with unsaved.kept_if_moved(consult_id, study_id, typed, revision=revision, actor=actor, now=now):
        report = report_of(lock_consult(actor, consult_id), study_id)
        if report is not None and _was_submitted(report, typed, actor=actor):
            return report
        if text is not None:
            save_report(actor=actor, consult_id=consult_id, study_id=study_id, text=text, revision=revision, now=now)
        consult = lock_consult(actor, consult_id)
        report = existing_report(consult, study_id)
        state = REPORT.check(report.state, "submit")
        _require_writer(actor, report)
        written.require_complete(report, ReportIncomplete)
        report.state, report.submitted_at = state, now
        report.save()
        sharing.share_unsigned(consult, now=now)
        add_step(consult, "report_submitted", actor=actor, now=now)
        _record(consult, "report.submitted", report, actor=actor, now=now)
        critical.settle(consult, report, actor=actor, now=now)
        waiting = written.waiting_to_check(report, now=now)
        tell(waiting, "report.to_check", consult, now=now, key=f"report-check:{report.pk}:{report.revision}")
        tell_when_nobody_is_left(report, now=now)
        return report


def _was_submitted(report: Report, typed: dict[str, str] | None, *, actor: Actor) -> bool:
    """By the report itself: a critical value in it has added a step of its own."""
    is_own = report.state == "under_review" and report.written_by_id == actor.person_id
    return is_own and written.is_same(report, typed)


def return_report(
    *, actor: Actor, consult_id: UUID, study_id: UUID, reason: str, now: datetime, revision: int | None = None
) -> None:
    """The second doctor sends it back to the writer, saying what to change. What was told as critical stays told. A
    second click changes nothing. `revision` as in `return_opinion`."""
    text = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        report = existing_report(consult, study_id)
        is_returned = report.state == "returned" and report.return_reason == text
        if is_returned and was_done(consult, "report_returned", actor=actor):
            return
        written.require_this_version(report, revision, SignedNotReturned)
        _require_checker(actor, report)
        report.state, report.return_reason = REPORT.check(report.state, "return"), text
        report.save()
        sharing.share_unsigned(consult, now=now)
        unsaved.forget(consult, study_id, actor=actor)
        add_step(consult, "report_returned", actor=actor, now=now)
        _record(consult, "report.returned", report, actor=actor, now=now)
        key = f"report-returned:{report.pk}:{report.revision}"
        tell([report.written_by_id], "report.returned", consult, now=now, key=key)


def sign_report(
    *,
    actor: Actor,
    consult_id: UUID,
    study_id: UUID,
    revision: int,
    now: datetime,
    text: ReportText | None = None,
) -> Report:
    """Check and sign: freezes the text and orders its PDF; a further version takes the place of the one before.

    `revision` is the text that the signer saw; with `text` the signer's own changes are saved first. A second click
    changes nothing. Raises AlreadySigned, ReportStale, CheckerIsWriter, ReportIncomplete, WrongState.
    """
    typed = asdict(text) if text else None
    with unsaved.kept_if_moved(consult_id, study_id, typed, revision=revision, actor=actor, now=now):
        consult = lock_consult(actor, consult_id)
        report = existing_report(consult, study_id)
        if written.was_signed(report, typed, revision, actor=actor):
            return report
        written.require_this_version(report, revision)
        _require_checker(actor, report)
        if report.revision != revision:
            raise ReportStale
        if text is not None and written.differs(report, asdict(text)):
            report = save_report(
                actor=actor, consult_id=consult_id, study_id=study_id, text=text, revision=revision, now=now
            )
        written.require_complete(report, ReportIncomplete)
        written.freeze(report, signed_content, purpose="report", actor=actor, now=now)
        written.replace_amended(report)
        unsaved.forget_all(consult, study_id)
        critical.settle(consult, report, actor=actor, now=now)
        _announce(consult, report, actor=actor, now=now)
        end_checking(consult, now=now)
        consult.save(update_fields=["checker"])
        sharing.share_unsigned(consult, now=now)
        return report


def _announce(consult: Consult, report: Report, *, actor: Actor, now: datetime) -> None:
    kind = "amended" if report.is_amendment else "signed"
    note = report.change_reason if report.is_amendment else ""
    add_step(consult, f"report_{kind}", actor=actor, now=now, note=note)
    _record(consult, f"report.{kind}", report, actor=actor, now=now)
    order_pdf(consult, report, actor=actor, now=now)
    outbox.publish(ReportSigned(consult.pk, report.pk), now=now)
    people = {consult.requester_id, consult.expert_id} - {actor.person_id}
    tell(people, f"report.{kind}", consult, now=now, key=f"report-signed:{report.pk}")


def amend_report(*, actor: Actor, consult_id: UUID, study_id: UUID, reason: str, now: datetime) -> Report:
    """Begin a further version of a signed report, with its texts; `reason` says what changes and why.

    The signed version stays in force, and readable, until the new one is checked and signed. A second click finds the
    version that the first one began. Raises ReasonMissing, ReportBegun, WrongState, ConsultNotFound, Forbidden.
    """
    words = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        before = existing_report(consult, study_id)
        if written.is_begun_amendment(before):
            _require_writer(actor, before)
            return before
        require(policies.answers(actor, consult))
        REPORT.check(before.state, "amend")
        report = written.begin_amendment(before, reason=words, actor=actor, now=now, study_id=study_id)
        sharing.share_unsigned(consult, now=now)
        _record(consult, "report.amendment_begun", report, actor=actor, now=now)
        return report


def order_report_document(*, actor: Actor, consult_id: UUID, report_id: UUID, now: datetime) -> None:
    """Have the PDF of a signed version made where there is none yet, also after a job for it gave up; asking again
    changes nothing."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        report = Report.unscoped.filter(consult=consult, pk=report_id).first()
        if report is None or not report.is_signed:
            raise ConsultNotFound
        order_pdf(consult, report, actor=actor, now=now)
        _record(consult, "report.document_ordered", report, actor=actor, now=now)


def _require_checker(actor: Actor, report: Report) -> None:
    if policies.has_written(actor, report):
        raise CheckerIsWriter
    require(policies.checks(actor, report.consult))
    if report.is_signed:  # the signature has said so before
        raise written.signed_before(report, SignedNotReturned)
    if report.state != "under_review":
        raise WrongState(state=REPORT.states[report.state].label)  # an imaging report is never signed from a draft
    require(policies.may_check(actor, report))


def signed_content(report: Report) -> bytes:
    """The bytes that the hash and the signature cover: canonical JSON of texts, people and time."""
    return written.canonical(
        report,
        report=str(report.pk),
        kind="imaging_report",
        study=str(report.study_id),
        version=report.version,
        amends=str(report.amends_id or ""),
    )


def report_of(consult: Consult, study_id: UUID) -> Report | None:
    """The latest version of the report on a study, under a lock, but for one that was given up."""
    rows = Report.unscoped.select_for_update(of=("self",)).select_related("consult__receiving_organisation", "amends")
    versions = rows.filter(consult=consult, study_id=study_id)
    return versions.exclude(state="given_up").order_by("-version").first()


def existing_report(consult: Consult, study_id: UUID) -> Report:
    """As `report_of`. Raises TextGivenUp where all there was is given up, ConsultNotFound where there is none."""
    report = report_of(consult, study_id)
    if report is not None:
        return report
    given_up = Report.unscoped.filter(consult=consult, study_id=study_id).first()
    if given_up is None:
        raise ConsultNotFound
    raise written.with_way(TextGivenUp(), given_up)


def _require_attached(consult: Consult, study_id: UUID) -> None:
    if not ConsultStudy.unscoped.filter(consult=consult, study_id=study_id, is_attached=True).exists():
        raise ConsultNotFound


def _record(consult: Consult, action: str, report: Report, *, actor: Actor, now: datetime) -> None:
    details = {"report": str(report.pk), "version": report.version, "revision": report.revision}
    record(consult, action, actor=actor, now=now, details=details)
