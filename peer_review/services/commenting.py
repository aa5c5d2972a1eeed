"""Remarks beside a block, and the author's answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Forbidden
from peer_review.errors import ReportIncomplete, ReviewNotFound
from peer_review.models import ReviewComment
from peer_review.selectors import OPEN, WORKING, answerable_by
from peer_review.services.locking import locked_assignment, require_state
from peer_review.services.noting import note
from peer_review.states import ROUND


def _text(text: str) -> str:
    if not text.strip():
        raise ReportIncomplete(fields={"text": [_("Write what you mean.")]})
    return text.strip()


def write_comment(
    *, actor: Actor, assignment_id: UUID, comment_id: UUID, anchor: str, text: str, now: datetime
) -> UUID:
    """A reviewer's remark beside a block, while their part is open. Raises ReviewNotFound, WrongState.

    `comment_id` is minted by the form: a second click meets its own row, also when the report is in by then.
    """
    with transaction.atomic():
        assignment, row = locked_assignment(actor, assignment_id)
        held = ReviewComment.objects.filter(pk=comment_id).first()
        if held is not None:
            if held.assignment_id != assignment.pk:
                raise ReviewNotFound
            return held.pk
        ROUND.check(row.state, "decide")
        require_state(assignment, OPEN)
        ReviewComment.objects.create(
            pk=comment_id, round=row, assignment=assignment, anchor=anchor[:80], text=_text(text), written_at=now
        )
        note("review.commented", actor, row, now, comment=str(comment_id))
    return comment_id


def answer_comment(
    *, actor: Actor, round_id: UUID | None, parent_id: UUID, comment_id: UUID, text: str, now: datetime
) -> UUID:
    """An answer to a remark of this round, by whoever may hand its subject in now: an author named since the round was
    opened, and nobody taken off. Raises Forbidden for anybody else, ReviewNotFound.
    """
    with transaction.atomic():
        remarks = ReviewComment.objects.filter(round=round_id, parent__isnull=True)
        parent = remarks.select_related("round").filter(pk=parent_id).first()
        if parent is None:
            raise ReviewNotFound
        if not answerable_by(actor).filter(pk=parent.round_id).exists():
            raise Forbidden
        comment, is_new = ReviewComment.objects.get_or_create(
            pk=comment_id,
            defaults={
                "round": parent.round,
                "parent": parent,
                "anchor": parent.anchor,
                "text": _text(text),
                "written_at": now,
            },
        )
        if is_new:
            note("review.answered", actor, parent.round, now, comment=str(comment.pk))
        elif comment.parent_id != parent.pk:
            raise ReviewNotFound
    return comment.pk


def resolve_comment(*, actor: Actor, comment_id: UUID, now: datetime) -> None:
    """The reviewer who raised it marks it resolved, while their part stands. Raises ReviewNotFound, WrongState."""
    mine = ReviewComment.objects.filter(pk=comment_id, assignment__reviewer=actor.person_id)
    assignment_id = mine.values_list("assignment_id", flat=True).first()
    if assignment_id is None:
        raise ReviewNotFound
    with transaction.atomic():
        assignment, row = locked_assignment(actor, assignment_id)
        comment = ReviewComment.objects.select_for_update().get(pk=comment_id)
        if comment.resolved_at is None:
            require_state(assignment, WORKING)
            comment.resolved_at = now
            comment.save(update_fields=["resolved_at"])
            note("review.comment_resolved", actor, row, now, comment=str(comment.pk))
