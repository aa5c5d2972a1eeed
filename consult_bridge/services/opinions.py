"""Write, check, sign, amend. The second doctor is never the writer; what is signed never changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import (
    CheckerIsWriter,
    ConsultNotFound,
    OpinionIncomplete,
    OpinionStale,
    SignedNotReturned,
)
from consult_bridge.events import OpinionAmended
from consult_bridge.models import Consult, Opinion
from consult_bridge.notices import tell, tell_requesting_side
from consult_bridge.selectors.talk import authors_in
from consult_bridge.services import sharing, unsaved, written
from consult_bridge.services.moving import (
    add_step,
    end_checking,
    lock_consult,
    move,
    reason_of,
    record,
    require,
    was_done,
)
from consult_bridge.services.ordering import order_pdf
from consult_bridge.services.second_doctor import tell_when_nobody_is_left
from consult_bridge.states import CONSULT, REPORT
from core import outbox
from core.actor import Actor
from core.states import WrongState


@dataclass(frozen=True, slots=True)
class OpinionText:
    """What the editor holds; `template` is the key of the template it was begun from."""

    findings: str
    impression: str
    recommendation: str
    change_reason: str = ""
    template: str = ""


def texts_of(text: OpinionText) -> dict[str, str]:
    return {name: getattr(text, name) for name in Opinion.TEXTS}


def save_opinion(*, actor: Actor, consult_id: UUID, text: OpinionText, revision: int, now: datetime) -> Opinion:
    """Store the texts; `revision` is the one the form was opened with, 0 for the first save.

    The first save starts drafting and makes the actor its writer; a second click changes nothing. A checker may
    change a text under review; it stays the writer's opinion. Raises OpinionBegun where another doctor writes it,
    OpinionStale when the text was saved in between, AlreadySigned after signing, ConsultEnded; ConsultMoved where the
    consult or the text is in other hands now: what was typed is kept.
    """
    with unsaved.kept_if_moved(consult_id, None, _typed(text), revision=revision, actor=actor, now=now):
        consult = lock_consult(actor, consult_id)
        opinion = opinion_of(consult)
        _check_may_save(actor, consult, opinion, revision)
        if opinion is not None and written.was_saved(opinion, _typed(text), revision, actor=actor):
            unsaved.forget_if_same(consult, None, _typed(text), actor=actor)
            return opinion
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
        written.require_unsigned(opinion, revision)
        unsaved.require_may_type(actor, consult, is_begun=_goes_its_own_way(opinion))
        unsaved.keep(consult, None, _typed(text), revision=revision, actor=actor, now=now)
        may_check = opinion is not None and policies.may_check(actor, opinion)
        return unsaved.is_current(opinion, revision, may_check=may_check, actor=actor)


def forget_typed_opinion(*, actor: Actor, consult_id: UUID) -> None:
    with transaction.atomic():
        unsaved.forget(lock_consult(actor, consult_id), None, actor=actor)


def _typed(text: OpinionText) -> dict[str, str]:
    return {**texts_of(text), "template": text.template}


def _check_may_save(actor: Actor, consult: Consult, opinion: Opinion | None, revision: int) -> None:
    written.require_unsigned(opinion, revision)
    if opinion is not None and opinion.state == "under_review":
        stands, is_begun = REPORT.states[opinion.state], _goes_its_own_way(opinion)
        unsaved.require_state(policies.may_check(actor, opinion), consult, stands, actor=actor, is_begun=is_begun)
    else:
        _require_writer(actor, consult, opinion)


def take_over_opinion(
    *, actor: Actor, consult_id: UUID, writer_id: UUID, now: datetime, revision: int | None = None
) -> None:
    """Go on with the text of `writer_id`, who is told; from now on the actor's name stands on it. With `revision`, the
    text that was seen, a page of an earlier version takes nothing over.

    A second click changes nothing. Raises OpinionBegun where it is not `writer_id` who writes it any more,
    AlreadySigned, ConsultWentOn, WrongState while it is under review, ConsultNotFound, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = opinion_of(consult)
        if opinion is None:
            raise ConsultNotFound
        if opinion.is_signed:
            written.require_this_version(opinion, revision)
            raise written.signed_before(opinion)
        if opinion.written_by_id == actor.person_id:
            return
        require(policies.answers(actor, consult))
        if opinion.written_by_id != writer_id:
            raise written.begun_by_another(opinion)
        written.require_this_version(opinion, revision)
        written.require_being_written(opinion)
        written.take_over(opinion, actor=actor, now=now)
        sharing.share_unsigned(consult, now=now)
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
        go(consult, opinion, "submit_opinion", actor=actor, now=now)
        tell_of(consult, opinion, written.waiting_to_check(opinion, now=now), "opinion.to_check", now=now)
        tell_when_nobody_is_left(opinion, now=now)


def _was_submitted(consult: Consult, typed: dict[str, str] | None, *, actor: Actor) -> bool:
    opinion = opinion_of(consult)
    if opinion is None or not was_done(consult, step_of(opinion, "submit_opinion"), actor=actor):
        return False
    return written.is_same(opinion, typed)


def _require_writer(actor: Actor, consult: Consult, opinion: Opinion | None) -> None:
    stands, is_right, is_begun = CONSULT.states[consult.state], policies.may_write(actor, consult), False
    if opinion is not None and opinion.is_amendment:
        is_right = opinion.is_being_written and policies.answers(actor, consult)
        stands, is_begun = REPORT.states[opinion.state], True
    unsaved.require_state(is_right, consult, stands, actor=actor, is_begun=is_begun)
    if opinion is not None and not policies.may_write_opinion(actor, consult, opinion):
        raise written.begun_by_another(opinion)


def return_opinion(*, actor: Actor, consult_id: UUID, reason: str, now: datetime, revision: int | None = None) -> None:
    """The second doctor sends it back to the writer, saying what to change. A second click changes nothing. With
    `revision`, the text that was seen, a page of an earlier version never returns this one.

    Raises ReasonMissing, CheckerIsWriter, AlreadySigned, WrongState, Forbidden.
    """
    text = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = _existing(consult)
        if was_done(consult, step_of(opinion, "return_opinion"), actor=actor, note=text):
            return
        written.require_this_version(opinion, revision, SignedNotReturned)
        if policies.has_written(actor, opinion):
            raise CheckerIsWriter
        require(policies.checks(actor, consult))
        if opinion.is_signed:
            raise written.signed_before(opinion, SignedNotReturned)
        opinion.state = REPORT.check(opinion.state, "return")
        opinion.return_reason = text
        opinion.save()
        unsaved.forget(consult, None, actor=actor)
        go(consult, opinion, "return_opinion", actor=actor, now=now, note=text)
        tell_of(consult, opinion, [opinion.written_by_id], "opinion.returned", now=now)


def sign_opinion(
    *, actor: Actor, consult_id: UUID, revision: int, now: datetime, text: OpinionText | None = None
) -> Opinion:
    """Check and sign, or sign alone where the service type allows it. Freezes the text and orders its PDF; an amendment
    takes the place of the version before.

    `revision` is the text that the signer saw; with `text` the signer's own changes are saved first. A second click
    changes nothing. Raises AlreadySigned (another was first), OpinionStale (the text is not the one seen),
    CheckerIsWriter, OpinionIncomplete, WrongState.
    """
    typed = _typed(text) if text else None
    with unsaved.kept_if_moved(consult_id, None, typed, revision=revision, actor=actor, now=now):
        consult = lock_consult(actor, consult_id)
        opinion = _existing(consult)
        if written.was_signed(opinion, typed, revision, actor=actor):
            return opinion
        written.require_this_version(opinion, revision)
        _require_may_sign(actor, opinion)
        if opinion.revision != revision:
            raise OpinionStale
        if text is not None and written.differs(opinion, texts_of(text)):
            opinion = save_opinion(actor=actor, consult_id=consult_id, text=text, revision=revision, now=now)
        written.require_complete(opinion, OpinionIncomplete)
        written.freeze(opinion, signed_content, purpose="opinion", actor=actor, now=now)
        unsaved.forget_all(consult, None)
        order_pdf(consult, opinion, actor=actor, now=now)
        if opinion.is_amendment:
            _put_in_force(consult, opinion, actor=actor, now=now)
        else:
            move(consult, "sign", actor=actor, now=now, signed_at=now)
            tell([consult.requester_id], "opinion.signed", consult, now=now)
        return opinion


def _put_in_force(consult: Consult, opinion: Opinion, *, actor: Actor, now: datetime) -> None:
    """The amended version is in force no more; whoever has a part in the consult is told, the requesting side also
    where its doctor has left."""
    written.replace_amended(opinion)
    go(consult, opinion, "sign", actor=actor, now=now, note=opinion.change_reason)
    end_checking(consult, now=now)
    consult.save(update_fields=["checker"])
    outbox.publish(OpinionAmended(consult.pk, opinion.pk), now=now)
    key = f"opinion-amended:{opinion.pk}"
    tell_requesting_side([consult.requester_id], "opinion.amended", consult, now=now, key=key)
    people = {consult.expert_id, consult.coordinator_id, opinion.written_by_id, *authors_in(consult)}
    tell(people - {actor.person_id}, "opinion.amended", consult, now=now, key=key)


def amend_opinion(*, actor: Actor, consult_id: UUID, reason: str, now: datetime) -> Opinion:
    """Begin a further version of the signed opinion, with its texts; `reason` says what changes and why.

    The signed version stays in force, and readable, until the new one is signed, and the consult stays signed or
    closed. A second click finds the version that the first one began. Raises ReasonMissing, OpinionBegun, WrongState,
    ConsultNotFound, Forbidden.
    """
    words = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        before = opinion_of(consult)
        if before is None:
            raise ConsultNotFound
        if written.is_begun_amendment(before):
            _require_writer(actor, consult, before)
            return before
        require(policies.answers(actor, consult))
        REPORT.check(before.state, "amend")
        opinion = written.begin_amendment(before, reason=words, actor=actor, now=now)
        sharing.share_unsigned(consult, now=now)
        details = {"opinion": str(opinion.pk), "version": opinion.version}
        record(consult, "opinion.amendment_begun", actor=actor, now=now, details=details)
        return opinion


AMENDMENT_STEPS = {
    "submit_opinion": "amendment_submitted",
    "return_opinion": "amendment_returned",
    "take_back_opinion": "amendment_taken_back",
    "sign": "amended",
}
"""What an amendment is said to do where a first opinion takes its consult along."""


def step_of(opinion: Opinion, verb: str) -> str:
    return f"opinion_{AMENDMENT_STEPS[verb]}" if opinion.is_amendment else verb


def go(consult: Consult, opinion: Opinion, verb: str, *, actor: Actor, now: datetime, note: str = "") -> None:
    """The first opinion moves its consult; an amendment goes its own way, and the consult stays signed or closed."""
    if not opinion.is_amendment:
        move(consult, verb, actor=actor, now=now, note=note)
        return
    sharing.share_unsigned(consult, now=now)
    add_step(consult, step_of(opinion, verb), actor=actor, now=now, note=note)
    details = {"opinion": str(opinion.pk), "version": opinion.version, "revision": opinion.revision}
    record(consult, f"opinion.{AMENDMENT_STEPS[verb]}", actor=actor, now=now, details=details)


def tell_of(consult: Consult, opinion: Opinion, people: Iterable[UUID | None], kind: str, *, now: datetime) -> None:
    """Once for each step; the revision of the consult does not count those of an amendment."""
    key = f"{kind}:{opinion.pk}:{now.isoformat()}" if opinion.is_amendment else None
    tell(people, kind, consult, now=now, key=key)


def order_document(*, actor: Actor, consult_id: UUID, now: datetime) -> None:
    """Have the PDF of each signed version made where there is none yet, also after a job for it gave up; asking again
    changes nothing."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        signed = Opinion.unscoped.filter(consult=consult, signed_at__isnull=False)
        if not signed:
            raise ConsultNotFound
        for opinion in signed:
            order_pdf(consult, opinion, actor=actor, now=now)
        record(consult, "opinion.document_ordered", actor=actor, now=now)


def _require_may_sign(actor: Actor, opinion: Opinion) -> None:
    if policies.may_sign_alone(actor, opinion):
        return
    if policies.has_written(actor, opinion):
        raise CheckerIsWriter
    require(policies.checks(actor, opinion.consult))
    REPORT.check(opinion.state, "sign")
    if opinion.submitted_at and opinion.state == "drafting":  # a colleague returned it, and it is being written again
        raise WrongState(state=REPORT.states[opinion.state].label)
    require(policies.may_check(actor, opinion))


def signed_content(opinion: Opinion) -> bytes:
    """The bytes that the hash and the signature cover: canonical JSON of texts, people and time. Those of a first
    opinion name neither a version nor a change: opinions were signed before there were amendments."""
    head: dict[str, Any] = {"opinion": str(opinion.pk), "kind": "opinion", "amends": str(opinion.amends_id or "")}
    if not opinion.is_amendment:
        return written.canonical(opinion, texts=opinion.REQUIRED, **head)
    return written.canonical(opinion, version=opinion.version, **head)


def opinion_of(consult: Consult) -> Opinion | None:
    """The consult's opinion under a lock, the latest amendment included, but for one that was given up."""
    rows = Opinion.unscoped.select_for_update(of=("self",)).select_related("consult__receiving_organisation", "amends")
    return rows.filter(consult=consult).exclude(state="given_up").order_by("-version").first()


def _goes_its_own_way(opinion: Opinion | None) -> bool:
    return opinion is not None and opinion.is_amendment


def _existing(consult: Consult) -> Opinion:
    opinion = opinion_of(consult)
    if opinion is None:
        raise OpinionIncomplete
    return opinion
