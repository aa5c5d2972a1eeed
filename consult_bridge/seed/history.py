"""How far each seeded consult went, who did it and when: decided here, written by `rows`."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from consult_bridge.models import Consult, Feedback, Opinion, OpinionRevision
from consult_bridge.seed.rows import Rows, add_step
from consult_bridge.seed.scenarios import (
    CANCEL_REASONS,
    COMMENTS,
    DECLINE_REASONS,
    INFORMATION_REASONS,
    Scenario,
)
from consult_bridge.services.opinions import signed_content
from consult_bridge.vocabulary import INFORMATION_DAYS, SERVICES, time_allowed
from core import crypto

ENDINGS = (("closed", 930), ("declined", 30), ("cancelled", 25), ("expired", 15))
LATE = 0.07
EXPIRY = timedelta(days=INFORMATION_DAYS + 1)
PARTS = {
    "start_triage": 0.04,
    "assign": 0.09,
    "accept": 0.24,
    "start_drafting": 0.45,
    "submit_opinion": 0.82,
    "sign": 1.0,
}
"""When each step of an answered consult comes, as a share of the time it took to be signed."""

STATE_AFTER = {
    "start_triage": "in_triage",
    "assign": "assigned",
    "accept": "accepted",
    "start_drafting": "drafting",
    "submit_opinion": "under_review",
    "sign": "signed",
}


def ending(rng: Random, *, at: datetime, now: datetime) -> str:
    """How a past consult ended; it cannot have expired before two weeks of waiting were over."""
    drawn = rng.choices([name for name, _weight in ENDINGS], [weight for _name, weight in ENDINGS])[0]
    return "closed" if drawn == "expired" and at > now - EXPIRY else drawn


def tell(rows: Rows, consult: Consult, scenario: Scenario, state: str, *, second_id: UUID, hours: float = 0) -> None:
    """Write the steps up to `state`, and what each leaves behind. `second_id` is the doctor who checks; `hours` ago an
    open consult was asked, so that none of its steps lies ahead."""
    submitted = consult.created_at
    add_step(rows, consult, "submit", "submitted", submitted, consult.requester_id)
    if state in {"declined", "cancelled", "expired"}:
        _end_early(rows, consult, state)
    elif state != "submitted":
        _answer(rows, consult, scenario, state, second_id, hours)
    consult.state = state


def _answer(rows: Rows, consult: Consult, scenario: Scenario, state: str, second_id: UUID, hours: float) -> None:
    span = _span_of_open(state, hours) if hours else _span(rows.rng, consult)
    people = {"start_triage": consult.coordinator_id, "assign": consult.coordinator_id, "sign": second_id}
    wanted = "signed" if state == "closed" else state
    is_checked = SERVICES[consult.service_type].needs_checker
    for verb, part in PARTS.items():
        if verb == "submit_opinion" and not is_checked:
            continue
        at = consult.created_at + span * part
        add_step(rows, consult, verb, STATE_AFTER[verb], at, people.get(verb, consult.expert_id))
        if verb == "start_drafting":
            opinion = _opinion(rows, consult, scenario, at)
        elif verb == "submit_opinion":
            opinion.state, opinion.submitted_at = "under_review", at
        elif verb == "sign":
            _sign(rows, consult, opinion, second_id, at)
        if STATE_AFTER[verb] == wanted:
            break
    if state == "closed":
        _close(rows, consult)


def _span(rng: Random, consult: Consult) -> timedelta:
    allowed = time_allowed(consult.urgency)
    return allowed * (rng.uniform(1.05, 1.9) if rng.random() < LATE else rng.uniform(0.18, 0.97))


def _span_of_open(state: str, hours: float) -> timedelta:
    last = next(verb for verb, after in STATE_AFTER.items() if after == state)
    return timedelta(hours=0.8 * hours / PARTS[last])


def _opinion(rows: Rows, consult: Consult, scenario: Scenario, at: datetime) -> Opinion:
    opinion = rows.add(
        Opinion(
            id=rows.id_at(at),
            consult=consult,
            template="general",
            **scenario.opinion,
            state="drafting",
            revision=1,
            written_by_id=consult.expert_id,  # type: ignore[misc]  # an assigned consult has one
            created_at=at,
            saved_at=at,
        )
    )
    saved = {"saved_by_id": consult.expert_id, "saved_at": at}
    rows.add(OpinionRevision(opinion=opinion, number=1, **saved, **scenario.opinion))
    return opinion


def _sign(rows: Rows, consult: Consult, opinion: Opinion, second_id: UUID, at: datetime) -> None:
    is_checked = SERVICES[consult.service_type].needs_checker
    opinion.state, opinion.signed_at = "signed", at
    opinion.signed_by_id = second_id if is_checked else consult.expert_id
    opinion.checked_by_id = second_id if is_checked else None
    content = signed_content(opinion)
    opinion.content_hash = crypto.digest(content)
    opinion.signature = str(crypto.sign(content, purpose="opinion"))
    consult.signed_at = at


def _close(rows: Rows, consult: Consult) -> None:
    signed_at: Any = consult.signed_at
    at = signed_at + min(timedelta(hours=rows.rng.uniform(2, 60)), 0.9 * (rows.now - signed_at))
    add_step(rows, consult, "close", "closed", at, consult.requester_id)
    consult.ended_at = at
    rows.add(
        Feedback(
            consult=consult,
            outcome=_outcome(rows.rng, consult),
            usefulness=rows.rng.choices((5, 4, 3, 2), (52, 34, 11, 3))[0],
            comment=rows.rng.choice(COMMENTS),
            given_by_id=consult.requester_id,
            given_at=at,
        )
    )


def _outcome(rng: Random, consult: Consult) -> str:
    if consult.service_type == "referral_advice":
        return rng.choices(("referred", "treated_locally"), (8, 2))[0]
    return rng.choices(("treated_locally", "plan_changed", "referred", "left"), (46, 40, 11, 3))[0]


def _end_early(rows: Rows, consult: Consult, state: str) -> None:
    rng, submitted = rows.rng, consult.created_at
    consult.expert_id = None
    first = submitted + timedelta(minutes=rng.randint(6, 50))
    if state == "cancelled":
        consult.coordinator_id = None
        add_step(rows, consult, "cancel", "cancelled", first, consult.requester_id, rng.choice(CANCEL_REASONS))
        consult.ended_at = first
        return
    add_step(rows, consult, "start_triage", "in_triage", first, consult.coordinator_id)
    then = first + timedelta(minutes=rng.randint(5, 30))
    if state == "declined":
        add_step(rows, consult, "decline", "declined", then, consult.coordinator_id, rng.choice(DECLINE_REASONS))
        consult.ended_at = then
        return
    wait_for_information(rows, consult, then)
    consult.ended_at = then + timedelta(days=14, minutes=1)
    add_step(rows, consult, "expire", "expired", consult.ended_at, None)


def wait_for_information(rows: Rows, consult: Consult, at: datetime) -> None:
    """The clock stands still from `at`; the answer leads back to triage."""
    reason = rows.rng.choice(INFORMATION_REASONS)
    add_step(rows, consult, "request_information", "awaiting_information", at, consult.coordinator_id, reason)
    consult.paused_at, consult.resume_state = at, "in_triage"
