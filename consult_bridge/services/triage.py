"""The coordinator's verbs, and the asking for what is missing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import AssignedMeanwhile, DeclineOfAssigned, NotAnExpertHere
from consult_bridge.models import Consult
from consult_bridge.notices import tell
from consult_bridge.selectors.experts import is_expert_for
from consult_bridge.services import sharing
from consult_bridge.services.moving import (
    add_step,
    lock_consult,
    move,
    reason_of,
    record,
    require,
    require_leads,
    was_done,
    went_on,
)
from consult_bridge.states import CONSULT
from consult_bridge.vocabulary import Urgency, time_allowed
from core.actor import Actor, person_token

HAS_IT = frozenset({"assigned", "accepted", "scheduled"})
"""An expert has it, and it could still be given to another."""


def start_triage(*, actor: Actor, consult_id: UUID, now: datetime) -> None:
    """The coordinator takes the request up. A second click changes nothing. Raises WrongState when it is no longer
    waiting."""
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.may_triage(actor, consult))
        if was_done(consult, "start_triage", actor=actor):
            return
        move(consult, "start_triage", actor=actor, now=now, coordinator_id=actor.person_id)


def assign(
    *,
    actor: Actor,
    consult_id: UUID,
    expert_id: UUID,
    now: datetime,
    urgency: str = "",
    note: str = "",
    replaces: UUID | None = None,
) -> None:
    """Give the consult to an expert of the receiving hospital; a new urgency sets its clock.

    `replaces` is the expert from whom the coordinator knowingly takes it. A second click changes nothing. An expert who
    has accepted keeps it: for the same one only urgency and note change. Raises NotAnExpertHere, ConsultWentOn, and
    AssignedMeanwhile where somebody has it whom the coordinator has not seen there.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(policies.may_triage(actor, consult))
        if not _can_be_assigned(consult, expert_id):
            raise went_on(consult)
        if not is_expert_for(expert_id, consult.receiving_organisation_id, now=now):
            raise NotAnExpertHere(fields={"expert": [NotAnExpertHere.message]})
        if consult.expert_id not in {None, expert_id, replaces}:
            raise AssignedMeanwhile
        clock = _new_clock(consult, urgency)
        if consult.expert_id == expert_id and consult.state in HAS_IT:
            _write_again(consult, actor=actor, note=note.strip(), clock=clock, now=now)
            return
        if consult.state == "submitted":
            move(consult, "start_triage", actor=actor, now=now)
        former = _leave_former_expert(consult, expert_id, now=now)
        people = {"coordinator_id": actor.person_id, "expert_id": expert_id}
        move(consult, "assign", actor=actor, now=now, note=note.strip(), **people, **clock)
        sharing.share_with(consult, person_token(expert_id), now=now)
        tell([expert_id], "consult.assigned", consult, now=now)
        tell([former], "consult.reassigned", consult, now=now)


def _can_be_assigned(consult: Consult, expert_id: UUID) -> bool:
    """What is only submitted is taken up with the assignment; who has it already may be told something new."""
    is_same = consult.expert_id == expert_id and consult.state in HAS_IT
    return is_same or consult.state == "submitted" or CONSULT.allows(consult.state, "assign")


def _write_again(consult: Consult, *, actor: Actor, note: str, clock: dict[str, object], now: datetime) -> None:
    """Another urgency or another note for who has it already; what was accepted stays accepted."""
    last = consult.steps.filter(verb="assign").last()
    before = last.note if last is not None else ""
    if not clock and note in {"", before}:
        return
    consult.revision += 1
    for field, value in ({"coordinator_id": actor.person_id} | clock).items():
        setattr(consult, field, value)
    consult.save()
    add_step(consult, "assign", actor=actor, now=now, note=note or before, assigned_to=consult.expert_id)
    record(consult, "consult.assign", actor=actor, now=now, details={"state": consult.state})
    tell([consult.expert_id], "consult.assignment_changed", consult, now=now)


def _leave_former_expert(consult: Consult, expert_id: UUID, *, now: datetime) -> UUID | None:
    """Whose consult it was until now, where that was somebody else."""
    former = consult.expert_id
    if former is None or former == expert_id:
        return None
    sharing.unshare_from(consult, person_token(former), now=now)
    return former


def _new_clock(consult: Consult, urgency: str) -> dict[str, object]:
    """The time that another urgency allows, from submission on; what the clock stood still is not taken away."""
    if urgency not in Urgency.values or urgency == consult.urgency or consult.due_at is None:
        return {}
    due_at = consult.due_at - time_allowed(consult.urgency) + time_allowed(urgency)
    return {"urgency": urgency, "due_at": due_at, "overdue_at": None}


def request_information(*, actor: Actor, consult_id: UUID, reason: str, now: datetime) -> None:
    """Ask the requester for what is missing; the clock stands still until it comes. A second click changes nothing.

    Raises ReasonMissing, Forbidden, and ConsultWentOn for who comes too late.
    """
    text = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        if was_done(consult, "request_information", actor=actor, note=text):
            return
        require_leads(actor, consult, is_possible=policies.can_wait(consult))
        if consult.state == "submitted":
            move(consult, "start_triage", actor=actor, now=now, coordinator_id=actor.person_id)
        resume = consult.state
        move(consult, "request_information", actor=actor, now=now, note=text, resume_state=resume, paused_at=now)
        tell([consult.requester_id], "consult.information_requested", consult, now=now)


def decline(*, actor: Actor, consult_id: UUID, reason: str, now: datetime, assigned_to: UUID | None = None) -> None:
    """Refuse the consult for good, with a reason the requester reads; an expert who has it hears of it too.

    `assigned_to` is the expert whom the coordinator has seen there. A second click changes nothing. Raises
    DeclineOfAssigned where an expert has it whom the coordinator has not seen, ReasonMissing, Forbidden, and
    ConsultWentOn for who comes too late.
    """
    text = reason_of(reason)
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        if was_done(consult, "decline", actor=actor, note=text):
            return
        require_leads(actor, consult, is_possible=CONSULT.allows(consult.state, "decline"))
        if consult.expert_id not in {None, assigned_to, actor.person_id}:
            raise DeclineOfAssigned
        sharing.unshare_all(consult, now=now)
        move(consult, "decline", actor=actor, now=now, note=text)
        tell([consult.requester_id], "consult.declined", consult, now=now)
        if consult.expert_id != actor.person_id:
            tell([consult.expert_id], "consult.ended_by_centre", consult, now=now)
