"""What a reader may do with a release in pixel review: confirm frames, draw and remove boxes, confirm, refuse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.actor import Actor
from core.audit import record
from core.ids import uuid7
from core.jobs import enqueue
from core.outbox import publish
from core.states import WrongState
from media_pipeline.errors import (
    AlreadyConfirmed,
    BothConfirmed,
    BoxOutside,
    FramesMissing,
    NotConfirmedByYou,
    PlacesUndecided,
    ReasonMissing,
    ReleaseNotFound,
    TextsMissing,
)
from media_pipeline.events import ReleaseRefused
from media_pipeline.models import Candidate, PixelReview, RedactionBox, TeachingRelease
from media_pipeline.release.answers import DEFACED, give_answer
from media_pipeline.release.confirming import boxes_digest, is_confirmed, void_stale
from media_pipeline.release.keys import opening_key
from media_pipeline.release.labels import label_of
from media_pipeline.release.places import undecided_in
from media_pipeline.release.texts import texts_missing
from media_pipeline.states import RELEASE
from media_pipeline.tasks import open_confirmed, tidy

REVIEW = "deid.review"
Frame = tuple[UUID, int]


def confirm_frames(*, actor: Actor, release_id: UUID, frames: Iterable[Frame], now: datetime) -> int:
    """Note that this reader looked at these frames and found no identifier; how many are confirmed now.

    Unknown frames are ignored. Raises ReleaseNotFound, WrongState.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        review, _is_new = PixelReview.objects.select_for_update().get_or_create(
            release=release, reader_id=actor.person_id
        )
        known = dict(release.candidates.values_list("pk", "frames"))
        for candidate_id, number in frames:
            if 1 <= number <= known.get(candidate_id, 0):
                confirmed = review.confirmed_frames(candidate_id) | {number}
                review.frames[str(candidate_id)] = sorted(confirmed)
        review.save(update_fields=["frames"])
    return sum(len(numbers) for numbers in review.frames.values())


def take_frames_back(*, actor: Actor, release_id: UUID, frames: Iterable[Frame], now: datetime) -> int:
    """This reader wants to look at these frames again; how many are confirmed now.

    A confirmation of the whole release that this reader gave goes with them. Raises ReleaseNotFound, WrongState,
    BothConfirmed.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        if is_confirmed(release):
            raise BothConfirmed
        review, _is_new = PixelReview.objects.select_for_update().get_or_create(
            release=release, reader_id=actor.person_id
        )
        for candidate_id, number in frames:
            left = review.confirmed_frames(candidate_id) - {number}
            review.frames[str(candidate_id)] = sorted(left)
        review.confirmed_at, review.boxes_digest = None, ""
        review.save(update_fields=["frames", "confirmed_at", "boxes_digest"])
        audit("release.frames_taken_back", actor, release, now, {})
    return sum(len(numbers) for numbers in review.frames.values())


def take_confirmation_back(*, actor: Actor, release_id: UUID, now: datetime) -> None:
    """Undo this reader's confirmation while it is the only one; the frames stay confirmed.

    Raises ReleaseNotFound, WrongState, NotConfirmedByYou, BothConfirmed.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        if is_confirmed(release):
            raise BothConfirmed
        review = release.reviews.select_for_update().filter(reader_id=actor.person_id).first()
        if review is None or review.confirmed_at is None:
            raise NotConfirmedByYou
        review.confirmed_at, review.boxes_digest = None, ""
        review.save(update_fields=["confirmed_at", "boxes_digest"])
        audit("release.confirmation_taken_back", actor, release, now, {})


def draw_box(
    *,
    actor: Actor,
    release_id: UUID,
    candidate_id: UUID,
    left: int,
    top: int,
    width: int,
    height: int,
    reason: str,
    now: datetime,
) -> UUID:
    """Mark a rectangle for blackening on every frame of one object. Voids earlier confirmations.

    Raises ReleaseNotFound, WrongState, BoxOutside.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        candidate = Candidate.objects.filter(release=release, pk=candidate_id).first()
        if candidate is None:
            raise ReleaseNotFound
        check_inside(candidate, left, top, width, height)
        box = RedactionBox.objects.create(
            candidate=candidate,
            left=left,
            top=top,
            width=width,
            height=height,
            reason=reason[:80],
            drawn_by_id=actor.person_id,
            drawn_at=now,
        )
        void_confirmations(release)
        audit("release.box_drawn", actor, release, now, {"candidate": str(candidate_id), **box.corners()})
    return box.pk


def remove_box(*, actor: Actor, release_id: UUID, box_id: UUID, now: datetime) -> None:
    """Take a rectangle back. Voids earlier confirmations, and both readers look at its frames again.

    Raises ReleaseNotFound, WrongState.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        box = RedactionBox.objects.filter(candidate__release=release, pk=box_id).first()
        if box is None:
            raise ReleaseNotFound
        details = {"candidate": str(box.candidate_id), **box.corners()}
        box.delete()
        void_confirmations(release)
        look_again(release, box.candidate_id)
        audit("release.box_removed", actor, release, now, details)


def confirm_release(*, actor: Actor, release_id: UUID, now: datetime, face: str = "", face_reason: str = "") -> bool:
    """This reader confirms every frame and text with the boxes and strikes as they stand; True for the second reader.

    `face` ("defaced" or "no_head") and how it was checked are asked for where a face may show. Raises ReleaseNotFound,
    WrongState, FramesMissing, TextsMissing, PlacesUndecided, FaceVisible, FaceAnswersDiffer, AlreadyConfirmed.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        void_stale(release)
        review, _is_new = PixelReview.objects.select_for_update().get_or_create(
            release=release, reader_id=actor.person_id
        )
        if review.confirmed_at is not None:
            raise AlreadyConfirmed
        _check_all_seen(release, review)
        give_answer(release, review, face, face_reason)
        review.boxes_digest, review.confirmed_at = boxes_digest(release), now
        review.save(update_fields=["boxes_digest", "confirmed_at", "face_answer", "face_reason"])
        is_second = is_confirmed(release)
        if release.shows_face:
            audit("release.stated_defaced" if face == DEFACED else "release.stated_no_head", actor, release, now, {})
        audit("release.confirmed", actor, release, now, {"is_second": is_second})
        if is_second:
            enqueue(
                open_confirmed,
                now=now,
                arguments={"release_id": str(release.pk)},
                actor_id=actor.person_id,
                organisation_path=release.organisation.path,
                # a key of its own each time: a job that has ended must not answer for this confirmation
                key=opening_key(release.pk) + uuid7().hex,
            )
    return is_second


def refuse_release(*, actor: Actor, release_id: UUID, reason: str, now: datetime) -> None:
    """End the release for good; its key and input are destroyed. Raises ReleaseNotFound, WrongState, ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        release = _locked(actor, release_id)
        release.state = RELEASE.check(release.state, "refuse")
        release.reason, release.closed_at = reason.strip()[:300], now
        release.wrapped_key = release.source = release.sealed_texts = b""
        release.save(update_fields=["state", "reason", "closed_at", "wrapped_key", "source", "sealed_texts"])
        release.audience.all().delete()
        release.strikes.all().delete()
        audit("release.refused", actor, release, now, {})
        publish(ReleaseRefused(release_id=release.pk), now=now)
        enqueue(tidy, now=now, arguments={"release_id": str(release.pk)}, key=f"media_pipeline.tidy:{release.pk}")


def frames_missing(release: TeachingRelease, review: PixelReview | None) -> int:
    """Frames this reader has not confirmed yet."""
    total = sum(release.candidates.values_list("frames", flat=True))
    return total - (sum(len(numbers) for numbers in review.frames.values()) if review else 0)


def _check_all_seen(release: TeachingRelease, review: PixelReview) -> None:
    """Raises FramesMissing, TextsMissing, PlacesUndecided while this reader has something left to look at."""
    if missing := frames_missing(release, review):
        raise FramesMissing(missing=missing)
    if unread := texts_missing(release, review):
        raise TextsMissing(texts=", ".join(label_of(name) for name in unread))
    if places := undecided_in(release.candidates.prefetch_related("boxes"), review):
        raise PlacesUndecided(places=len(places))


def check_inside(candidate: Candidate, left: int, top: int, width: int, height: int) -> None:
    """Raises BoxOutside for a rectangle that is not wholly within the picture."""
    is_inside = left >= 0 and top >= 0 and left + width <= candidate.columns and top + height <= candidate.rows
    if width < 1 or height < 1 or not is_inside:
        raise BoxOutside


def _locked(actor: Actor, release_id: UUID) -> TeachingRelease:
    release = TeachingRelease.objects.select_for_update().select_related("organisation").filter(pk=release_id).first()
    if release is None or not actor.may(REVIEW, release.organisation.path):
        raise ReleaseNotFound
    return release


def in_review(actor: Actor, release_id: UUID) -> TeachingRelease:
    release = _locked(actor, release_id)
    if release.state != "pixel_review":
        raise WrongState(state=RELEASE.states[release.state].label)
    return release


def void_confirmations(release: TeachingRelease) -> None:
    release.reviews.update(confirmed_at=None, boxes_digest="")


def look_again(release: TeachingRelease, candidate_id: UUID) -> None:
    """Nobody has looked at pixels that were covered: no reader's tick on a frame of this object holds any longer."""
    for review in release.reviews.select_for_update():
        if review.frames.pop(str(candidate_id), None) is not None:
            review.save(update_fields=["frames"])


def audit(action: str, actor: Actor, release: TeachingRelease, now: datetime, details: dict[str, object]) -> None:
    record(
        action=action,
        actor=actor,
        subject_type="release",
        subject_id=release.pk,
        organisation_path=release.organisation.path,
        details=details,
        now=now,
    )
