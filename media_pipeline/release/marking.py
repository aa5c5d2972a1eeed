"""What a reader decides about one place of the picture: a rectangle stands elsewhere, a mark is no writing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.actor import Actor
from media_pipeline.errors import BothConfirmed, ReleaseNotFound
from media_pipeline.models import Candidate, PixelReview, RedactionBox
from media_pipeline.release.confirming import is_confirmed
from media_pipeline.release.reviewing import audit, check_inside, in_review, look_again, void_confirmations


def move_box(
    *, actor: Actor, release_id: UUID, box_id: UUID, left: int, top: int, width: int, height: int, now: datetime
) -> None:
    """Give a rectangle another place or size, in image pixels. Voids earlier confirmations.

    Where it no longer covers all that it covered, both readers look at its frames again.

    Raises ReleaseNotFound, WrongState, BoxOutside.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        box = RedactionBox.objects.filter(candidate__release=release, pk=box_id).select_related("candidate").first()
        if box is None:
            raise ReleaseNotFound
        check_inside(box.candidate, left, top, width, height)
        before = box.corners()
        box.left, box.top, box.width, box.height = left, top, width, height
        box.save(update_fields=["left", "top", "width", "height"])
        void_confirmations(release)
        if not box.covers(before):
            look_again(release, box.candidate_id)
        details = {"candidate": str(box.candidate_id), **box.corners()}
        details |= {f"{side}_before": value for side, value in before.items()}
        audit("release.box_moved", actor, release, now, details)


def leave_mark(
    *, actor: Actor, release_id: UUID, candidate_id: UUID, number: int, is_left: bool, now: datetime
) -> None:
    """This reader takes the machine's mark `number` (from 1) for no writing, or wants to decide again.

    It changes nothing of the release and nothing for the other reader; who decides again has not confirmed any longer.
    An unknown number is ignored. Raises ReleaseNotFound, WrongState, BothConfirmed.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        candidate = Candidate.objects.filter(release=release, pk=candidate_id).first()
        if candidate is None:
            raise ReleaseNotFound
        review, _is_new = PixelReview.objects.select_for_update().get_or_create(
            release=release, reader_id=actor.person_id
        )
        if not 1 <= number <= len(candidate.findings.get("marks", [])):
            return
        left = review.marks_left(candidate_id) | {number} if is_left else review.marks_left(candidate_id) - {number}
        if not is_left and is_confirmed(release):
            raise BothConfirmed
        review.left_visible = {**(review.left_visible or {}), str(candidate_id): sorted(left)}
        if not is_left:
            review.confirmed_at, review.boxes_digest = None, ""
        review.save(update_fields=["left_visible", "confirmed_at", "boxes_digest"])
        details = {"candidate": str(candidate_id), "mark": number}
        audit("release.mark_left" if is_left else "release.mark_reopened", actor, release, now, details)
