"""How every deed of a reviewer finds its assignment: their own, locked, and still theirs."""

from __future__ import annotations

from uuid import UUID

from core.actor import Actor
from core.states import WrongState
from peer_review.errors import ReviewNotFound
from peer_review.models import Assignment, ReviewRound
from peer_review.selectors import require_reviewer
from peer_review.states import ASSIGNMENT


def locked_assignment(actor: Actor, assignment_id: UUID) -> tuple[Assignment, ReviewRound]:
    """My assignment and its round, the round locked first so that two last reports cannot both miss each other.

    Raises ReviewNotFound.
    """
    found = Assignment.objects.filter(pk=assignment_id, reviewer=actor.person_id).values("round_id").first()
    if actor.person_id is None or found is None:
        raise ReviewNotFound
    row = ReviewRound.objects.select_for_update().get(pk=found["round_id"])
    require_reviewer(actor, row.subject_kind)
    return Assignment.objects.select_for_update().get(pk=assignment_id), row


def require_state(assignment: Assignment, states: tuple[str, ...]) -> None:
    """Whoever stepped back, was released or has handed in does nothing more here. Raises WrongState."""
    if assignment.state not in states:
        raise WrongState(state=ASSIGNMENT.states[assignment.state].label)
