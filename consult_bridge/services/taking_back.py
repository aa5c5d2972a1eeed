"""The writer takes a submitted text back, as long as no second doctor has begun to check it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import CheckBegun, ConsultNotFound
from consult_bridge.models.written import WrittenDocument
from consult_bridge.notices import tell
from consult_bridge.services import sharing, written
from consult_bridge.services.moving import add_step, lock_consult, record, require, was_done
from consult_bridge.services.opinions import go, opinion_of, step_of, tell_of
from consult_bridge.services.reports import existing_report
from consult_bridge.states import REPORT
from core.actor import Actor
from core.states import WrongState


def take_back_opinion(*, actor: Actor, consult_id: UUID, now: datetime, revision: int | None = None) -> None:
    """The opinion is in its writer's hands again, and the second doctors hear that nothing waits for them. With
    `revision`, the text that was seen, a page of an earlier version never takes this one back.

    A second click changes nothing. Raises CheckBegun, WrongState where it is not under review, ConsultNotFound,
    Forbidden for anybody but its writer.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = opinion_of(consult)
        if opinion is None:
            raise ConsultNotFound
        if was_done(consult, step_of(opinion, "take_back_opinion"), actor=actor):
            return
        _give_back(opinion, revision, actor=actor)
        go(consult, opinion, "take_back_opinion", actor=actor, now=now)
        tell_of(consult, opinion, written.waiting_to_check(opinion, now=now), "opinion.taken_back", now=now)


def take_back_report(
    *, actor: Actor, consult_id: UUID, study_id: UUID, now: datetime, revision: int | None = None
) -> None:
    """As `take_back_opinion`. What was told as critical stays told."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        report = existing_report(consult, study_id)
        if report.is_being_written and was_done(consult, "report_taken_back", actor=actor):
            return
        _give_back(report, revision, actor=actor)
        sharing.share_unsigned(consult, now=now)
        add_step(consult, "report_taken_back", actor=actor, now=now)
        details = {"report": str(report.pk), "version": report.version, "revision": report.revision}
        record(consult, "report.taken_back", actor=actor, now=now, details=details)
        key = f"report-taken-back:{report.pk}:{now.isoformat()}"
        tell(written.waiting_to_check(report, now=now), "report.taken_back", consult, now=now, key=key)


def _give_back(document: WrittenDocument, revision: int | None, *, actor: Actor) -> None:
    require(policies.answers(actor, document.consult) and policies.has_written(actor, document))
    if document.written_by_id != actor.person_id:  # a colleague went on with it
        raise written.begun_by_another(document)
    if revision is not None and written.is_of_earlier(document, revision):
        raise WrongState(state=REPORT.states["signed"].label)
    written.require_this_version(document, revision)
    state = REPORT.check(document.state, "take_back")
    if policies.check_has_begun(document):
        raise written.with_way(CheckBegun(), document)
    document.state = state
    document.save()
