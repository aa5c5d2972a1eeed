"""Open a round on a frozen manifest, or call it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from core.actor import Actor
from peer_review.conflicts import Makers, conflicts_of
from peer_review.errors import ConflictOfInterest, ReviewNotFound, RoundAlreadyOpen, TooFewReviewers
from peer_review.models import ReviewRound
from peer_review.rubrics import load
from peer_review.selectors import OPEN, offered
from peer_review.services.noting import note
from peer_review.services.staffing import assign, draw_any, draw_least_burdened
from peer_review.states import LEAST, ROUND
from peer_review.subjects import subject_of

DEFAULT_TIME = timedelta(days=7)


def open_round(
    *,
    actor: Actor,
    subject_kind: str,
    subject_id: UUID,
    title: str,
    manifest: dict[str, Any],
    manifest_hash: str,
    author_ids: Sequence[UUID],
    now: datetime,
    reviewer_ids: Sequence[UUID] = (),
    due_at: datetime | None = None,
    needed: int = 2,
    organisation_path: str = "",
    contributor_ids: Sequence[UUID] = (),
) -> UUID:
    """Ask `needed` peers, drawn among `reviewer_ids`, else the least burdened; `contributor_ids` made what authors only
    show. The caller checked the right to submit. Raises RoundAlreadyOpen, TooFewReviewers, ConflictOfInterest."""
    with transaction.atomic():
        makers = Makers(frozenset(author_ids), frozenset(contributor_ids))
        chosen = _choose(subject_kind, makers, list(dict.fromkeys(reviewer_ids)), max(needed, LEAST), now)
        row = ReviewRound.objects.create(
            subject_kind=subject_kind,
            subject_id=subject_id,
            number=_next_number(subject_kind, subject_id),
            title=title,
            manifest=manifest,
            manifest_hash=manifest_hash,
            rubric=load(subject_of(subject_kind).rubric),
            author_ids=[str(a) for a in dict.fromkeys(author_ids)],
            contributor_ids=[str(c) for c in sorted(makers.contributors)],
            needed=len(chosen),
            organisation_path=organisation_path,
            opened_by_id=actor.person_id,
            opened_at=now,
            due_at=due_at or now + DEFAULT_TIME,
        )
        assign(row, chosen, now)
        note("review.opened", actor, row, now, hash=manifest_hash, reviewers=len(chosen))
    return row.pk


def _next_number(subject_kind: str, subject_id: UUID) -> int:
    """Raises RoundAlreadyOpen."""
    earlier = ReviewRound.objects.select_for_update().filter(subject_kind=subject_kind, subject_id=subject_id)
    rounds = list(earlier.order_by("-number"))
    if any(r.state == "open" for r in rounds):
        raise RoundAlreadyOpen
    return rounds[0].number + 1 if rounds else 1


def _choose(kind: str, makers: Makers, wanted: list[UUID], needed: int, now: datetime) -> list[UUID]:
    """Drawn among the reviewers proposed, all checked, else among the least burdened without a conflict."""
    people = {c.person_id: c for c in offered(kind, makers, now)}
    for person_id in wanted:
        if person_id not in people:
            raise ReviewNotFound
        if people[person_id].conflicts:
            raise ConflictOfInterest(name=people[person_id].name, reason=people[person_id].conflicts[0])
    free = [people[person_id] for person_id in wanted] or [c for c in people.values() if not c.conflicts]
    if len(free) < needed:
        raise TooFewReviewers(needed=needed, found=len(free))
    return draw_any(wanted, needed) if wanted else draw_least_burdened(free, needed)


def cancel_round(*, actor: Actor, round_id: UUID, now: datetime) -> None:
    """Call an open round off: the subject was withdrawn. Raises ReviewNotFound, WrongState."""
    with transaction.atomic():
        row = ReviewRound.objects.select_for_update().filter(pk=round_id).first()
        if row is None:
            raise ReviewNotFound
        row.state = ROUND.check(row.state, "cancel")
        row.save(update_fields=["state"])
        row.assignments.filter(state__in=OPEN).update(state="released", finished_at=now)
        note("review.cancelled", actor, row, now)


def conflicts_now(row: ReviewRound, reviewer_id: UUID) -> tuple[str, ...]:
    """Conflicts that exist at this moment, asked again at submission: departments change."""
    return tuple(str(c) for c in conflicts_of(reviewer_id, Makers.of(row), row.rubric["conflicts"]))
