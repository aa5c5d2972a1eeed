"""Who reviews a round: asked at its opening, in the place of one who left, or named by the desk.

A round is never decided by fewer reports than it was opened for, and never by fewer than two. When nobody free is left
it stays open and the leads of its desk are told, who may name somebody. Letters and draws are left to chance and stored
once, so that an author cannot tell from a letter whose report it is (docs/adr/0033-what-a-blind-review-is.md).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actor import SYSTEM, Actor
from core.notify import notify
from core.outbox import publish
from directory.api import people_with_permission
from peer_review.contracts import Candidate
from peer_review.errors import ConflictOfInterest, ReviewNotFound, RoundStaffed
from peer_review.events import ReviewersChanged
from peer_review.models import Assignment, ReviewRound
from peer_review.selectors import OPEN, WORKING, leads_of, offered_for, staffable_by
from peer_review.services.noting import note
from peer_review.states import ASSIGNMENT, LEAST, ROUND
from peer_review.subjects import Subject, all_subjects

log = logging.getLogger(__name__)
_chance = secrets.SystemRandom()


def draw_any(people: Sequence[UUID], number: int) -> list[UUID]:
    """So many of those proposed, whatever they owe: who proposed them cannot tell whom it falls on."""
    return _chance.sample(people, k=number)


def draw_least_burdened(people: Sequence[Candidate], number: int) -> list[UUID]:
    """So many of them, the least burdened first; who of those that owe as much is left to chance."""
    shuffled = _chance.sample(people, k=len(people))
    return [c.person_id for c in sorted(shuffled, key=lambda c: c.open_reviews)[:number]]


def assign(row: ReviewRound, people: Sequence[UUID], now: datetime) -> None:
    """One more assignment for each, with the next letters; who of them gets which is left to chance."""
    drawn = _chance.sample(people, k=len(people))
    first = row.assignments.count() + 1
    assignments = Assignment.objects.bulk_create(
        Assignment(round=row, reviewer_id=person_id, ordinal=ordinal, assigned_at=now)
        for ordinal, person_id in enumerate(drawn, start=first)
    )
    for assignment in assignments:
        notify(
            person_ids=[assignment.reviewer_id],
            kind="peer_review.assigned",
            params={"title": row.title},
            url=f"/reviews/{assignment.pk}/",
            now=now,
            key=notice_key(assignment.pk),
        )


def notice_key(part_id: UUID) -> str:
    """The key of what somebody was told about an assignment or about a round, so that it can be reworded."""
    return f"review-{part_id}"


def fill_place(row: ReviewRound, now: datetime) -> bool:
    """Ask the next free peer in the place of one who left. With nobody free the desk is told, and False returned; where
    every lead is an author, whoever submitted it is told what is left to do."""
    taken = set(row.assignments.values_list("reviewer_id", flat=True))
    free = [c for c in offered_for(row, now) if c.person_id not in taken and not c.conflicts]
    if free:
        assign(row, draw_least_burdened(free, 1), now)
        return True
    leads = leads_of(row, now)
    notify(
        person_ids=leads or filter(None, [row.opened_by_id]),
        kind="peer_review.reviewer_missing" if leads else "peer_review.nobody_names",
        params={"title": row.title},
        url=f"/reviews/rounds/{row.pk}/" if leads else "/home/",
        now=now,
        key=notice_key(row.pk),
    )
    return False


def name_reviewer(*, actor: Actor, round_id: UUID, reviewer_id: UUID, now: datetime) -> None:
    """The desk's lead names somebody for an empty place.

    Raises ReviewNotFound (also for an author, who would learn who was asked; for a person who may not review, or was
    asked before), RoundStaffed, ConflictOfInterest, WrongState.
    """
    with transaction.atomic():
        row = ReviewRound.objects.select_for_update().filter(pk=round_id).first()
        if row is None or not staffable_by(actor).filter(pk=round_id).exists():
            raise ReviewNotFound
        ROUND.check(row.state, "decide")
        if row.assignments.filter(state__in=WORKING).count() >= max(row.needed, LEAST):
            raise RoundStaffed
        offered = {c.person_id: c for c in offered_for(row, now)}
        chosen = offered.get(reviewer_id)
        if chosen is None or row.assignments.filter(reviewer=reviewer_id).exists():
            raise ReviewNotFound
        if chosen.conflicts:
            raise ConflictOfInterest(name=chosen.name, reason=chosen.conflicts[0])
        assign(row, [reviewer_id], now)
        publish(ReviewersChanged(round_id=row.pk), now=now)
        note("review.reviewer_named", actor, row, now)


def release_lapsed(*, now: datetime) -> int:
    """Whoever may no longer review is released, and the place is filled; returns how many were.

    A row that cannot be worked on stops no other: it is logged, and the system's administrators are told once a day.
    """
    return sum(_release_lapsed_in(subject, now) for subject in all_subjects())


def _release_lapsed_in(subject: Subject, now: datetime) -> int:
    allowed = people_with_permission(subject.permission, now)
    lapsed = Assignment.objects.filter(state__in=OPEN, round__state="open", round__subject_kind=subject.kind)
    released = 0
    for assignment_id, round_id in lapsed.exclude(reviewer__in=allowed).values_list("pk", "round_id"):
        try:
            released += _release(assignment_id, round_id, now)
        except Exception:
            log.exception("the lapsed reviewer of assignment %s could not be released", assignment_id)
            _tell_administrators(assignment_id, now)
    return released


def _release(assignment_id: UUID, round_id: UUID, now: datetime) -> bool:
    """False when somebody else was quicker."""
    with transaction.atomic():
        row = ReviewRound.objects.select_for_update().get(pk=round_id)
        assignment = Assignment.objects.select_for_update().get(pk=assignment_id)
        if row.state != "open" or assignment.state not in OPEN:
            return False
        assignment.state, assignment.finished_at = ASSIGNMENT.check(assignment.state, "release"), now
        assignment.save(update_fields=["state", "finished_at"])
        fill_place(row, now)
        publish(ReviewersChanged(round_id=row.pk), now=now)
        note("review.reviewer_lapsed", SYSTEM, row, now)
    return True


def _tell_administrators(assignment_id: UUID, now: datetime) -> None:
    notify(
        person_ids=people_with_permission("admin.system", now),
        kind="peer_review.lapse_failed",
        params={"assignment": str(assignment_id)},
        url="/home/",
        now=now,
        key=f"review-lapse-{assignment_id}-{timezone.localdate(now)}",
    )
