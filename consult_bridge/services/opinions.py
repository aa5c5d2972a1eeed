"""Write, check, sign. The second doctor is never the writer; what is signed never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import CheckerIsWriter, ConsultNotFound, OpinionBegun, OpinionIncomplete, OpinionStale
from consult_bridge.models import Consult, Opinion
from consult_bridge.notices import tell
from consult_bridge.services import unsaved, written
from consult_bridge.services.moving import lock_consult, move, reason_of, record, require, was_done
from consult_bridge.services.ordering import order_pdf
from consult_bridge.services.second_doctor import tell_when_nobody_is_left
from consult_bridge.states import CONSULT, REPORT
from core.actor import Actor
from core.states import WrongState


@dataclass(frozen=True, slots=True)
class OpinionText:
    """What the editor holds; `template` is the key of the template it was begun from."""

    findings: str
    impression: str
    recommendation: str
    template: str = ""


def texts_of(text: OpinionText) -> dict[str, str]:
    return {name: getattr(text, name) for name in Opinion.TEXTS}


def save_opinion(*, actor: Actor, consult_id: UUID, text: OpinionText, revision: int, now: datetime) -> Opinion:
    """Store the texts; `revision` is the one the form was opened with, 0 for the first save.

    The first save starts drafting and makes the actor its writer. A checker may change a text under review; it stays
    the writer's opinion. Raises OpinionBegun where another doctor writes it, OpinionStale when the text was saved in
    between, AlreadySigned after signing, ConsultEnded; ConsultMoved where the consult or the text is in other hands
    now: what was typed is kept.
    """
    with unsaved.kept_if_moved(consult_id, None, _typed(text), revision=revision, actor=actor, now=now):
        consult = lock_consult(actor, consult_id)
        opinion = opinion_of(consult)
        _check_may_save(actor, consult, opinion)
        if consult.state in {"accepted", "scheduled", "in_session"}:
            move(consult, "start_drafting", actor=actor, now=now)
        if opinion is None:
            opinion = Opinion(consult=consult, written_by_id=actor.person_id, created_at=now)
        if opinion.revision != revision:
            raise OpinionStale
        written.store(opinion, texts_of(text), template=text.template, actor=actor, now=now)
        unsaved.forget(consult, None, actor=actor)
        record(consult, "opinion.saved", actor=actor, now=now, details={"revision": opinion.revision})
        return opinion


def keep_typed_opinion(*, actor: Actor, consult_id: UUID, text: OpinionText, revision: int, now: datetime) -> bool:
    """Keep what is typed for whoever types it, writer, checker or neither, until it is saved; opinion and consult stay
    as they are. False when another text was saved, or the writing was taken over, meanwhile: it is kept all the same,
    also while the consult waits for somebody else. Raises AlreadySigned, ConsultEnded, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = opinion_of(consult)
        if opinion is not None and opinion.is_signed:
            raise written.signed_before(opinion)
        unsaved.require_may_type(actor, consult)
        unsaved.keep(consult, None, _typed(text), revision=revision, actor=actor, now=now)
        may_check = opinion is not None and policies.may_check(actor, opinion)
        return unsaved.is_current(opinion, revision, may_check=may_check, actor=actor)


def forget_typed_opinion(*, actor: Actor, consult_id: UUID) -> None:
    with transaction.atomic():
        unsaved.forget(lock_consult(actor, consult_id), None, actor=actor)


def _typed(text: OpinionText) -> dict[str, str]:
    return {**texts_of(text), "template": text.template}


def _check_may_save(actor: Actor, consult: Consult, opinion: Opinion | None) -> None:
    if opinion is not None and opinion.is_signed:
        raise written.signed_before(opinion)
    if opinion is not None and opinion.state == "under_review":
        unsaved.require_state(policies.may_check(actor, opinion), consult, CONSULT.states[consult.state], actor=actor)
    else:
        _require_writer(actor, consult, opinion)


def take_over_opinion(*, actor: Actor, consult_id: UUID, writer_id: UUID, now: datetime) -> None:
    """Go on with the text of `writer_id`, who is told; from now on the actor's name stands on it.

    A second click changes nothing. Raises OpinionBegun where it is not `writer_id` who writes it any more,
    AlreadySigned, ConsultNotFound, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = opinion_of(consult)
        if opinion is None:
            raise ConsultNotFound
        if opinion.is_signed:
            raise written.signed_before(opinion)
        if opinion.written_by_id == actor.person_id:
            return
        require(policies.may_take_over(actor, opinion))
        if opinion.written_by_id != writer_id:
            raise OpinionBegun(name=written.name_of(opinion.written_by_id))
        written.take_over(opinion, actor=actor, now=now)
        details = {"opinion": str(opinion.pk), "former_writer": str(writer_id)}
        record(consult, "opinion.taken_over", actor=actor, now=now, details=details)
        key = f"opinion-taken-over:{opinion.pk}:{now.isoformat()}"
        tell([writer_id], "opinion.taken_over", consult, now=now, key=key)
        tell_when_nobody_is_left(opinion, now=now)


def submit_opinion(
    *, actor: Actor, consult_id: UUID, now: datetime, text: OpinionText | None = None, revision: int = 0
) -> None:
    """Send the opinion to a second doctor, saving `text` first when one is given. A second click changes nothing.

    Raises OpinionIncomplete, WrongState, and what `save_opinion` raises.
    """
    typed = _typed(text) if text else None
    with unsaved.kept_if_moved(consult_id, None, typed, revision=revision, actor=actor, now=now):
        if _was_submitted(lock_consult(actor, consult_id), typed, actor=actor):
            return
        if text is not None:
            save_opinion(actor=actor, consult_id=consult_id, text=text, revision=revision, now=now)
        consult = lock_consult(actor, consult_id)
        opinion = _existing(consult)
        _require_writer(actor, consult, opinion)
        written.require_complete(opinion, OpinionIncomplete)
        opinion.state = REPORT.check(opinion.state, "submit")
        opinion.submitted_at = now
        opinion.save()
        move(consult, "submit_opinion", actor=actor, now=now)
        tell(written.waiting_to_check(opinion, now=now), "opinion.to_check", consult, now=now)
        tell_when_nobody_is_left(opinion, now=now)


def _was_submitted(consult: Consult, typed: dict[str, str] | None, *, actor: Actor) -> bool:
    opinion = opinion_of(consult) if was_done(consult, "submit_opinion", actor=actor) else None
    return opinion is not None and written.is_same(opinion, typed)


def _require_writer(actor: Actor, consult: Consult, opinion: Opinion | None) -> None:
    unsaved.require_state(policies.may_write(actor, consult), consult, CONSULT.states[consult.state], actor=actor)
    if opinion is not None and not policies.may_write_opinion(actor, consult, opinion):
        raise OpinionBegun(name=written.name_of(opinion.written_by_id))


def return_opinion(*, actor: Actor, consult_id: UUID, reason: str, now: datetime) -> None:
    """The second doctor sends it back to the writer, saying what to change. A second click changes nothing."""
    text = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        if was_done(consult, "return_opinion", actor=actor, note=text):
            return
        opinion = _existing(consult)
        if policies.has_written(actor, opinion):
            raise CheckerIsWriter
        require(policies.may_check(actor, opinion))
        opinion.state = REPORT.check(opinion.state, "return")
        opinion.return_reason = text
        opinion.save()
        unsaved.forget(consult, None, actor=actor)
        move(consult, "return_opinion", actor=actor, now=now, note=text)
        tell([opinion.written_by_id], "opinion.returned", consult, now=now)


def sign_opinion(
    *, actor: Actor, consult_id: UUID, revision: int, now: datetime, text: OpinionText | None = None
) -> Opinion:
    """Check and sign, or sign alone where the service type allows it. Freezes the text and orders its PDF.

    `revision` is the text that the signer saw; with `text` the signer's own changes are saved first. A second click
    changes nothing. Raises AlreadySigned (another was first), OpinionStale (the text is not the one seen),
    CheckerIsWriter, OpinionIncomplete, WrongState.
    """
    typed = _typed(text) if text else None
    with unsaved.kept_if_moved(consult_id, None, typed, revision=revision, actor=actor, now=now):
        consult = lock_consult(actor, consult_id)
        opinion = _existing(consult)
        if opinion.is_signed:
            if opinion.signed_by_id == actor.person_id and written.is_same(opinion, typed):
                return opinion
            raise written.signed_before(opinion)
        _require_may_sign(actor, opinion)
        if opinion.revision != revision:
            raise OpinionStale
        if text is not None and written.differs(opinion, texts_of(text)):
            opinion = save_opinion(actor=actor, consult_id=consult_id, text=text, revision=revision, now=now)
        written.require_complete(opinion, OpinionIncomplete)
        written.freeze(opinion, signed_content, purpose="opinion", actor=actor, now=now)
        unsaved.forget_all(consult, None)
        move(consult, "sign", actor=actor, now=now, signed_at=now)
        order_pdf(consult, opinion, actor=actor, now=now)
        tell([consult.requester_id], "opinion.signed", consult, now=now)
        return opinion


def order_document(*, actor: Actor, consult_id: UUID, now: datetime) -> None:
    """Have the PDF of the signed opinion made where there is none yet, also after a job for it gave up; asking again
    changes nothing."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = opinion_of(consult)
        if opinion is None or not opinion.is_signed:
            raise ConsultNotFound
        order_pdf(consult, opinion, actor=actor, now=now)
        record(consult, "opinion.document_ordered", actor=actor, now=now)


def _require_may_sign(actor: Actor, opinion: Opinion) -> None:
    if policies.may_sign_alone(actor, opinion):
        return
    if policies.has_written(actor, opinion):
        raise CheckerIsWriter
    REPORT.check(opinion.state, "sign")
    if opinion.submitted_at and opinion.state == "drafting":  # a colleague returned it, and it is being written again
        raise WrongState(state=REPORT.states[opinion.state].label)
    require(policies.may_check(actor, opinion))


def signed_content(opinion: Opinion) -> bytes:
    """The bytes that the hash and the signature cover: canonical JSON of texts, people and time."""
    return written.canonical(opinion, opinion=str(opinion.pk), kind="opinion", amends=str(opinion.amends_id or ""))


def opinion_of(consult: Consult) -> Opinion | None:
    """The consult's opinion under a lock, the latest amendment included."""
    rows = Opinion.unscoped.select_for_update(of=("self",)).select_related("consult__receiving_organisation")
    return rows.filter(consult=consult).order_by("-created_at").first()


def _existing(consult: Consult) -> Opinion:
    opinion = opinion_of(consult)
    if opinion is None:
        raise OpinionIncomplete
    return opinion
