"""The writer gives up a report, or a correction, that nobody needs: it waits for nobody any more, and images that were
kept for it end. What is signed stays in force; whoever needs the text after all begins it again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import ChangedNotGivenUp, ConsultNotFound, CriticalValueTold
from consult_bridge.models import Consult, CriticalValue, Opinion, Report
from consult_bridge.models.written import WrittenDocument
from consult_bridge.notices import tell, tell_freed_checker
from consult_bridge.services import sharing, unsaved, written
from consult_bridge.services.moving import add_step, end_checking, lock_consult, record, require, was_done
from consult_bridge.services.opinions import opinion_of
from consult_bridge.services.reports import existing_report, report_of
from consult_bridge.states import REPORT
from core.actor import Actor

OPINION_STEP, REPORT_STEP = "opinion_amendment_given_up", "report_given_up"


def give_up_correction(*, actor: Actor, consult_id: UUID, revision: int, now: datetime) -> None:
    """End the correction of an opinion that the actor writes; `revision` is the text that was seen.

    A second click changes nothing. Raises ChangedNotGivenUp where it was saved in between, OpinionBegun where another
    doctor writes it, AlreadySigned, WrongState while it is under review, ConsultNotFound, Forbidden also for a first
    opinion.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.answers(actor, consult))
        opinion = opinion_of(consult)
        if opinion is None:
            raise ConsultNotFound
        if opinion.is_signed and was_done(consult, OPINION_STEP, actor=actor):
            return
        written.require_unsigned(opinion, revision)
        require(opinion.is_amendment)
        _give_up(opinion, revision, actor=actor)
        details = {"opinion": str(opinion.pk), "version": opinion.version, "revision": opinion.revision}
        record(consult, "opinion.amendment_given_up", actor=actor, now=now, details=details)
        _end(consult, opinion, OPINION_STEP, "opinion.given_up", actor=actor, now=now)


def give_up_report(*, actor: Actor, consult_id: UUID, study_id: UUID, revision: int, now: datetime) -> None:
    """As `give_up_correction`, for a report or its correction. Raises CriticalValueTold where a critical value was told
    out of it: only a signature confirms that or takes it back; ConsultWentOn where its consult went on to where nobody
    writes in it."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.answers(actor, consult))
        report = report_of(consult, study_id)
        is_over = report is None or report.is_signed
        if is_over and was_done(consult, REPORT_STEP, actor=actor):
            return
        report = existing_report(consult, study_id)
        written.require_unsigned(report, revision)
        written.require_finishing(report)
        if CriticalValue.unscoped.filter(report=report).exclude(state="withdrawn").exists():
            raise CriticalValueTold
        _give_up(report, revision, actor=actor)
        details = {"report": str(report.pk), "version": report.version, "revision": report.revision}
        record(consult, "report.given_up", actor=actor, now=now, details=details)
        _end(consult, report, REPORT_STEP, "report.given_up", actor=actor, now=now)


def _give_up(document: WrittenDocument, revision: int, *, actor: Actor) -> None:
    if document.written_by_id != actor.person_id:
        raise written.begun_by_another(document)
    written.require_this_version(document, revision)
    state = REPORT.check(document.state, "give_up")
    if document.revision != revision:
        raise ChangedNotGivenUp
    require(policies.may_give_up(actor, document))
    document.state = state
    document.save()


def _end(consult: Consult, document: Opinion | Report, step: str, kind: str, *, actor: Actor, now: datetime) -> None:
    """Nobody types, checks or sees images for it any more; those who had a part in it are told, and where it ends for
    good also who was told at the closing that it would come."""
    unsaved.forget_all(consult, document.study_id if isinstance(document, Report) else None)
    _free_checker(consult, document, now=now)
    people = {*document.former_writers.values_list("pk", flat=True), consult.checker_id}
    key = f"{kind}:{document.pk}:{document.revision}"
    tell(people - {actor.person_id}, kind, consult, now=now, key=key)
    if policies.ends_for_good(document):
        waiting = {consult.requester_id, consult.expert_id} - {actor.person_id}
        tell(waiting, "report.not_made", consult, now=now, key=f"report-not-made:{document.pk}:{document.revision}")
    sharing.share_unsigned(consult, now=now)
    add_step(consult, step, actor=actor, now=now)


def _free_checker(consult: Consult, document: Opinion | Report, *, now: datetime) -> None:
    """Where nothing else is left to sign, the second doctor of another hospital sees the consult no more."""
    checker_id = consult.checker_id
    end_checking(consult, now=now)
    consult.save(update_fields=["checker"])
    if checker_id and consult.checker_id is None:
        tell_freed_checker(checker_id, consult, now=now, key=f"check-ended:{document.pk}:{document.revision}")
