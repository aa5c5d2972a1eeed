"""The expert's verbs before anything is written: accept, hand back, start."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import NotYourConsult
from consult_bridge.models import Consult
from consult_bridge.notices import tell
from consult_bridge.services import sharing
from consult_bridge.services.moving import lock_consult, move, reason_of, require, was_assigned, was_done, went_on
from consult_bridge.states import CONSULT
from core.actor import Actor, person_token


def accept(*, actor: Actor, consult_id: UUID, now: datetime) -> None:
    """The assigned expert takes it on. A second click changes nothing. Raises NotYourConsult, ConsultWentOn."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.answers(actor, consult))
        if was_done(consult, "accept", actor=actor):
            return
        _require_mine(actor, consult, "accept")
        move(consult, "accept", actor=actor, now=now)
        tell([consult.requester_id], "consult.accepted", consult, now=now)


def hand_back(*, actor: Actor, consult_id: UUID, reason: str, now: datetime) -> None:
    """The assigned expert gives it back to triage, saying why. A second click changes nothing. Raises
    ReasonMissing, NotYourConsult, ConsultWentOn."""
    text = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.answers(actor, consult))
        if was_done(consult, "hand_back", actor=actor, note=text):
            return
        _require_mine(actor, consult, "hand_back")
        sharing.unshare_from(consult, person_token(actor.person_id), now=now)
        move(consult, "hand_back", actor=actor, now=now, note=text, expert_id=None)
        if consult.coordinator_id:
            tell([consult.coordinator_id], "consult.handed_back", consult, now=now)


def _require_mine(actor: Actor, consult: Consult, verb: str) -> None:
    """Raise NotYourConsult, or ConsultWentOn for an expert who comes too late."""
    is_mine = consult.expert_id == actor.person_id
    if not is_mine and not was_assigned(actor, consult):
        raise NotYourConsult
    if not is_mine or not CONSULT.allows(consult.state, verb):
        raise went_on(consult)


def start_drafting(*, actor: Actor, consult_id: UUID, now: datetime) -> None:
    """Begin the opinion. Raises WrongState unless accepted, scheduled or in session."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.answers(actor, consult))
        move(consult, "start_drafting", actor=actor, now=now)
