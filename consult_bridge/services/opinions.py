"""Write, check, sign. The second doctor is never the writer; what is signed never changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies, tasks
from consult_bridge.errors import AlreadySigned, CheckerIsWriter, ConsultNotFound, OpinionIncomplete, OpinionStale
from consult_bridge.models import Consult, Opinion, OpinionRevision
from consult_bridge.notices import tell
from consult_bridge.selectors.experts import checkers_for
from consult_bridge.services.moving import lock_consult, move, reason_of, record, require
from consult_bridge.states import REPORT
from core import crypto
from core.actor import Actor
from core.jobs import enqueue
from directory import api as directory

TEXTS = ("findings", "impression", "recommendation")


@dataclass(frozen=True, slots=True)
class OpinionText:
    """What the editor holds; `template` is the key of the template it was begun from."""

    findings: str
    impression: str
    recommendation: str
    template: str = ""


def save_opinion(*, actor: Actor, consult_id: UUID, text: OpinionText, revision: int, now: datetime) -> Opinion:
    """Store the texts; `revision` is the one the form was opened with, 0 for the first save.

    The first save starts drafting. A checker may change a text under review; it stays the writer's opinion. Raises
    OpinionStale when somebody saved in between, AlreadySigned after signing, WrongState.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = opinion_of(consult)
        _check_may_save(actor, consult, opinion)
        if consult.state in {"accepted", "scheduled", "in_session"}:
            move(consult, "start_drafting", actor=actor, now=now)
        if opinion is None:
            opinion = Opinion(consult=consult, written_by_id=actor.person_id, created_at=now)
        if opinion.revision != revision:
            raise OpinionStale
        _store(opinion, text, actor=actor, now=now)
        record(consult, "opinion.saved", actor=actor, now=now, details={"revision": opinion.revision})
        return opinion


def _check_may_save(actor: Actor, consult: Consult, opinion: Opinion | None) -> None:
    if opinion is not None and opinion.is_signed:
        raise _signed_before(opinion)
    if opinion is not None and opinion.state == "under_review":
        require(policies.may_check(actor, opinion))
    else:
        require(policies.may_write(actor, consult))


def _store(opinion: Opinion, text: OpinionText, *, actor: Actor, now: datetime) -> None:
    for name in TEXTS:
        setattr(opinion, name, getattr(text, name).strip())
    opinion.template = text.template or opinion.template
    if opinion.state == "returned":
        opinion.state = REPORT.check(opinion.state, "save")
    opinion.revision += 1
    opinion.saved_at = now
    opinion.save()
    OpinionRevision.objects.create(
        opinion=opinion,
        number=opinion.revision,
        saved_by_id=actor.person_id,
        saved_at=now,
        **{name: getattr(opinion, name) for name in TEXTS},
    )


def submit_opinion(
    *, actor: Actor, consult_id: UUID, now: datetime, text: OpinionText | None = None, revision: int = 0
) -> None:
    """Send the opinion to a second doctor, saving `text` first when one is given.

    Raises OpinionIncomplete, WrongState, and what `save_opinion` raises.
    """
    with transaction.atomic():
        if text is not None:
            save_opinion(actor=actor, consult_id=consult_id, text=text, revision=revision, now=now)
        consult = lock_consult(actor, consult_id)
        opinion = _existing(consult)
        require(policies.may_write(actor, consult))
        _require_complete(opinion)
        opinion.state = REPORT.check(opinion.state, "submit")
        opinion.submitted_at = now
        opinion.save()
        move(consult, "submit_opinion", actor=actor, now=now)
        waiting = [p for p in checkers_for(consult, now=now) if p != opinion.written_by_id]
        tell(waiting, "opinion.to_check", consult, now=now)


def return_opinion(*, actor: Actor, consult_id: UUID, reason: str, now: datetime) -> None:
    """The second doctor sends it back to the writer, saying what to change."""
    text = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = _existing(consult)
        if opinion.written_by_id == actor.person_id:
            raise CheckerIsWriter
        require(policies.may_check(actor, opinion))
        opinion.state = REPORT.check(opinion.state, "return")
        opinion.return_reason = text
        opinion.save()
        move(consult, "return_opinion", actor=actor, now=now, note=text)
        tell([opinion.written_by_id], "opinion.returned", consult, now=now)


def sign_opinion(
    *, actor: Actor, consult_id: UUID, revision: int, now: datetime, text: OpinionText | None = None
) -> Opinion:
    """Check and sign, or sign alone where the service type allows it. Freezes the text and orders its PDF.

    `revision` is the text that the signer saw; with `text` the signer's own changes are saved first. Raises
    AlreadySigned (another was first), OpinionStale (the text is not the one seen), CheckerIsWriter, OpinionIncomplete,
    WrongState.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = _existing(consult)
        if opinion.is_signed:
            raise _signed_before(opinion)
        _require_may_sign(actor, opinion)
        if opinion.revision != revision:
            raise OpinionStale
        if text is not None and _differs(opinion, text):
            opinion = save_opinion(actor=actor, consult_id=consult_id, text=text, revision=revision, now=now)
        _require_complete(opinion)
        _freeze(opinion, actor=actor, now=now)
        move(consult, "sign", actor=actor, now=now, signed_at=now)
        _order_document(consult, opinion, actor=actor, now=now)
        tell([consult.requester_id], "opinion.signed", consult, now=now)
        return opinion


def _differs(opinion: Opinion, text: OpinionText) -> bool:
    return any(getattr(opinion, name) != getattr(text, name).strip() for name in TEXTS)


def order_document(*, actor: Actor, consult_id: UUID, now: datetime) -> None:
    """Have the PDF of the signed opinion made where there is none yet; asking again changes nothing."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        opinion = opinion_of(consult)
        if opinion is None or not opinion.is_signed:
            raise ConsultNotFound
        _order_document(consult, opinion, actor=actor, now=now)
        record(consult, "opinion.document_ordered", actor=actor, now=now)


def _order_document(consult: Consult, opinion: Opinion, *, actor: Actor, now: datetime) -> None:
    enqueue(
        tasks.make_opinion_document,
        now=now,
        arguments={"opinion_id": str(opinion.pk)},
        actor_id=actor.person_id,
        organisation_path=consult.receiving_organisation.path,
        key=f"opinion-document:{opinion.pk}",
    )


def _require_may_sign(actor: Actor, opinion: Opinion) -> None:
    if policies.may_sign_alone(actor, opinion):
        return
    if opinion.written_by_id == actor.person_id:
        raise CheckerIsWriter
    REPORT.check(opinion.state, "sign")
    require(policies.may_check(actor, opinion))


def _freeze(opinion: Opinion, *, actor: Actor, now: datetime) -> None:
    opinion.state = REPORT.check(opinion.state, "sign")
    opinion.signed_by_id = actor.person_id
    opinion.checked_by_id = actor.person_id if actor.person_id != opinion.written_by_id else None
    opinion.signed_at = now
    content = signed_content(opinion)
    opinion.content_hash = crypto.digest(content)
    opinion.signature = str(crypto.sign(content, purpose="opinion"))
    opinion.save()


def signed_content(opinion: Opinion) -> bytes:
    """The bytes that the hash and the signature cover: canonical JSON of texts, people and time."""
    body = {
        "opinion": str(opinion.pk),
        "consult": str(opinion.consult_id),
        "kind": opinion.kind,
        **{name: getattr(opinion, name) for name in TEXTS},
        "written_by": str(opinion.written_by_id),
        "signed_by": str(opinion.signed_by_id),
        "signed_at": opinion.signed_at.isoformat() if opinion.signed_at else "",
        "amends": str(opinion.amends_id or ""),
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def opinion_of(consult: Consult) -> Opinion | None:
    """The consult's opinion under a lock, the latest amendment included."""
    rows = Opinion.unscoped.select_for_update(of=("self",)).select_related("consult__receiving_organisation")
    return rows.filter(consult=consult, kind="opinion").order_by("-created_at").first()


def _existing(consult: Consult) -> Opinion:
    opinion = opinion_of(consult)
    if opinion is None:
        raise OpinionIncomplete
    return opinion


def _require_complete(opinion: Opinion) -> None:
    empty = {name: [OpinionIncomplete.message] for name in TEXTS if not getattr(opinion, name)}
    if empty:
        raise OpinionIncomplete(fields=empty)


def _signed_before(opinion: Opinion) -> AlreadySigned:
    card = directory.get_person(opinion.signed_by_id) if opinion.signed_by_id else None
    return AlreadySigned(name=card.name if card else "")
