"""The same rectangle in all recordings of a release: how many wait, and the sheet on which a reader sees each of them.

A sheet is asked for by a rectangle of one recording, so that it stays the same whatever is decided on it. It shows the
crops of one state: what waits for this reader, what this reader left visible, what is covered, and the recordings in
which nothing was noticed or drawn there.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.actor import Actor
from media_pipeline.models import Candidate, TeachingRelease
from media_pipeline.release import desk
from media_pipeline.release.alike import STATES, Crop, crops_of
from media_pipeline.release.places import SUGGESTED
from media_pipeline.release.rectangles import Rectangle
from media_pipeline.release.reviewing import check_inside

CROPS_PER_SHEET = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """The crops of one state on one page, and how many each state has."""

    release: TeachingRelease
    candidate: Candidate
    rectangle: Rectangle
    state: str
    crops: list[Crop]
    counts: dict[str, int]
    page: int
    pages: int

    @property
    def total(self) -> int:
        return self.counts[self.state]


def sheet_for(
    *, actor: Actor, release_id: UUID, candidate_id: UUID, rectangle: Rectangle, state: str = "", page: int = 1
) -> Sheet:
    """Without a state the first that has crops. Raises ReleaseNotFound as soon as the release is not read any more;
    BoxOutside."""
    candidate = desk.candidate_for(actor, release_id, candidate_id)
    check_inside(candidate, **rectangle.corners())
    release = candidate.release
    review = release.reviews.filter(reader=actor.person_id).first()
    crops = crops_of(release.candidates.prefetch_related("boxes"), review, candidate, rectangle)
    counts = {name: sum(crop.state == name for crop in crops) for name in STATES}
    if state not in STATES:
        state = next((name for name in STATES if counts[name]), SUGGESTED)
    shown = [crop for crop in crops if crop.state == state]
    pages = max(1, -(-len(shown) // CROPS_PER_SHEET))
    page = min(max(1, page), pages)
    part = shown[(page - 1) * CROPS_PER_SHEET : page * CROPS_PER_SHEET]
    return Sheet(release, candidate, rectangle, state, part, counts, page, pages)
