"""What a reader decides about the same rectangle in several recordings, after having seen each of them on a sheet.

Each decision is what it is alone: the reader's own note, or a rectangle of its own, with its own entry in the trail;
one more entry names the act and the number. All of it happens or nothing does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.actor import Actor
from media_pipeline.errors import BothConfirmed, NothingTicked, NotLooked, ReleaseNotFound, SheetChanged
from media_pipeline.models import PixelReview, RedactionBox, TeachingRelease
from media_pipeline.release.alike import BARE, Crop, crops_of
from media_pipeline.release.confirming import is_confirmed
from media_pipeline.release.places import COVERED, LEFT, SUGGESTED
from media_pipeline.release.rectangles import Rectangle
from media_pipeline.release.reviewing import audit, check_inside, in_review, look_again, void_confirmations
from media_pipeline.release.sheets import CROPS_PER_SHEET

LEAVE, AGAIN, COVER, REMOVE = "leave", "again", "cover", "remove"
#: What may be done with crops of which state.
FITTING = {LEAVE: (SUGGESTED,), AGAIN: (LEFT,), COVER: (SUGGESTED, LEFT, BARE), REMOVE: (COVERED,)}
#: In which state a crop is when that has been done: a second click asks for nothing new.
DONE = {LEAVE: LEFT, AGAIN: SUGGESTED, COVER: COVERED, REMOVE: BARE}


def decide_together(
    *,
    actor: Actor,
    release_id: UUID,
    candidate_id: UUID,
    rectangle: Rectangle,
    act: str,
    places: Sequence[str],
    has_looked: bool,
    now: datetime,
    reason: str = "",
) -> int:
    """Do `act` with the crops named by `places` (their keys); how many were decided, 0 when all of them were already.

    Leaving changes nothing for the other reader; covering and taking away void both confirmations, as alone. Raises
    ReleaseNotFound, WrongState, BothConfirmed, BoxOutside, NotLooked, NothingTicked, SheetChanged.
    """
    with transaction.atomic():
        release = in_review(actor, release_id)
        candidates = list(release.candidates.prefetch_related("boxes"))
        candidate = next((one for one in candidates if one.pk == candidate_id), None)
        if candidate is None:
            raise ReleaseNotFound
        if is_confirmed(release):
            raise BothConfirmed
        check_inside(candidate, **rectangle.corners())
        _check_looked(places, has_looked)
        review, _is_new = PixelReview.objects.select_for_update().get_or_create(
            release=release, reader_id=actor.person_id
        )
        crops = crops_of(candidates, review, candidate, rectangle)
        chosen = [crop for crop in crops if crop.key in set(places) and crop.state in FITTING.get(act, ())]
        if not chosen and _is_done(crops, act, places):
            return 0
        if len(chosen) != len(set(places)) or len(chosen) > CROPS_PER_SHEET:
            raise SheetChanged
        _carry_out(actor, release, review, chosen, act, rectangle, reason, now)
        details: dict[str, object] = {"act": act, "places": len(chosen), **rectangle.corners()}
        audit("release.decided_together", actor, release, now, details)
    return len(chosen)


def _carry_out(
    actor: Actor,
    release: TeachingRelease,
    review: PixelReview,
    chosen: list[Crop],
    act: str,
    rectangle: Rectangle,
    reason: str,
    now: datetime,
) -> None:
    if act in {LEAVE, AGAIN}:
        _note(actor, release, review, chosen, act, now)
    elif act == COVER:
        _cover(actor, release, chosen, rectangle, reason, now)
    else:
        _remove(actor, release, chosen, now)


def _note(
    actor: Actor, release: TeachingRelease, review: PixelReview, chosen: list[Crop], act: str, now: datetime
) -> None:
    """The reader's own notes; who decides again has not confirmed any longer."""
    notes = dict(review.left_visible or {})
    for crop in chosen:
        number = crop.place.mark if crop.place else 0
        left = set(notes.get(str(crop.candidate.pk), []))
        notes[str(crop.candidate.pk)] = sorted(left | {number} if act == LEAVE else left - {number})
        details: dict[str, object] = {"candidate": str(crop.candidate.pk), "mark": number}
        audit("release.mark_left" if act == LEAVE else "release.mark_reopened", actor, release, now, details)
    review.left_visible = notes
    if act == AGAIN:
        review.confirmed_at, review.boxes_digest = None, ""
    review.save(update_fields=["left_visible", "confirmed_at", "boxes_digest"])


def _cover(
    actor: Actor, release: TeachingRelease, chosen: list[Crop], rectangle: Rectangle, reason: str, now: datetime
) -> None:
    """Each recording gets the rectangle of the sheet, widened to its own place so that this is covered wholly."""
    for crop in chosen:
        corners = rectangle.with_(crop.rectangle).corners()
        RedactionBox.objects.create(
            candidate=crop.candidate, reason=reason[:80], drawn_by_id=actor.person_id, drawn_at=now, **corners
        )
        audit("release.box_drawn", actor, release, now, {"candidate": str(crop.candidate.pk), **corners})
    void_confirmations(release)


def _remove(actor: Actor, release: TeachingRelease, chosen: list[Crop], now: datetime) -> None:
    """Both readers look again at the frames that were covered."""
    boxes = [crop.place.box_id for crop in chosen if crop.place and crop.place.box_id]
    RedactionBox.objects.filter(candidate__release=release, pk__in=boxes).delete()
    void_confirmations(release)
    for crop in chosen:
        look_again(release, crop.candidate.pk)
        details: dict[str, object] = {"candidate": str(crop.candidate.pk), **crop.rectangle.corners()}
        audit("release.box_removed", actor, release, now, details)


def _check_looked(places: Sequence[str], has_looked: bool) -> None:
    if not places:
        raise NothingTicked
    if not has_looked:
        raise NotLooked


def _is_done(crops: list[Crop], act: str, places: Sequence[str]) -> bool:
    """Whether every recording that is named shows nothing but what was asked for: the form was sent twice."""
    named = {place.partition(":")[0] for place in places}
    states = {name: {crop.state for crop in crops if str(crop.candidate.pk) == name} for name in named}
    return bool(named) and all(states[name] and states[name] <= {DONE.get(act)} for name in named)
