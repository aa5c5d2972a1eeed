"""How far a round has come: what is lost by whoever takes its subject back, and the mark of what they saw of it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from peer_review.contracts import RoundStanding
from peer_review.errors import ReviewNotFound, ReviewWentOn
from peer_review.models import ReviewRound


def standing_of(round_id: UUID | None) -> RoundStanding:
    """What the reviewers have done by now, without a name. Raises ReviewNotFound, also without a round."""
    return _read(ReviewRound.objects.filter(pk=round_id).first() if round_id else None)


def require_seen(round_id: UUID, seen: str) -> None:
    """In the caller's transaction; the round stays locked until it ends, so that no report comes in between.

    Raises ReviewNotFound, and ReviewWentOn when the reviewers did something after `seen`, a standing's mark.
    """
    if _read(ReviewRound.objects.select_for_update().filter(pk=round_id).first()).mark != seen:
        raise ReviewWentOn


def _read(row: ReviewRound | None) -> RoundStanding:
    if row is None:
        raise ReviewNotFound
    has_begun = Q(state="drafting") | Q(state="assigned", comments__isnull=False)
    return RoundStanding(
        round_id=row.pk,
        state=row.state,
        submitted=row.assignments.filter(state="submitted").count(),
        begun=row.assignments.filter(has_begun).distinct().count(),
    )
