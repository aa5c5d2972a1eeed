"""The same rectangle in all recordings of a release: which places they are, and how many of them wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from media_pipeline.models import Candidate, PixelReview
from media_pipeline.release.places import COVERED, LEFT, NEW, SUGGESTED, Place, Undecided, places_of
from media_pipeline.release.rectangles import Rectangle, rectangle_of, screen_of

BARE = "bare"  # nothing was noticed or drawn there
STATES = (SUGGESTED, LEFT, COVERED, BARE)


@dataclass(frozen=True, slots=True)
class Crop:
    """The rectangle in one recording. `rectangle` is the recording's own where a place stands there; `number` counts
    the recordings of the release from 1."""

    candidate: Candidate
    number: int
    place: Place | None
    rectangle: Rectangle

    @property
    def state(self) -> str:
        return self.place.state if self.place else BARE

    @property
    def key(self) -> str:
        return f"{self.candidate.pk}:{self.place.key if self.place else BARE}"

    @property
    def frame(self) -> str:
        return f"{self.candidate.pk}:1"


@dataclass(frozen=True, slots=True)
class Group:
    """Places that wait and are the same rectangle; `first` stands for them."""

    first: Undecided
    number: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A place of the picture that is decided here, and in how many other recordings the same one waits."""

    place: Place
    number: int


def groups_of(undecided: Iterable[Undecided]) -> list[Group]:
    """The largest first; groups of one size in the order of the pictures."""
    found: list[tuple[Undecided, tuple[object, ...], Rectangle]] = []
    numbers: list[int] = []
    for waiting in undecided:
        screen, rectangle = screen_of(waiting.candidate), rectangle_of(waiting.place)
        at = next((at for at, (_w, s, r) in enumerate(found) if s == screen and r.is_same(rectangle)), None)
        if at is None:
            found.append((waiting, screen, rectangle))
            numbers.append(0)
        numbers[-1 if at is None else at] += 1
    groups = [Group(first, number) for (first, _s, _r), number in zip(found, numbers, strict=True)]
    return sorted(groups, key=lambda group: -group.number)


def offers_of(candidate: Candidate, items: Iterable[Place], undecided: Sequence[Undecided]) -> list[Offer]:
    """What was decided on this picture and still waits elsewhere."""
    screen = screen_of(candidate)
    others = [
        rectangle_of(waiting.place)
        for waiting in undecided
        if waiting.candidate.pk != candidate.pk and screen_of(waiting.candidate) == screen
    ]
    counted = [
        Offer(place, sum(rectangle_of(place).is_same(other) for other in others))
        for place in items
        if place.state != SUGGESTED
    ]
    return [offer for offer in counted if offer.number]


def alike_recordings(candidate: Candidate, candidates: Iterable[Candidate]) -> int:
    """How many other recordings of the release have the same screen."""
    screen = screen_of(candidate)
    return sum(other.pk != candidate.pk and screen_of(other) == screen for other in candidates)


def crops_of(
    candidates: Iterable[Candidate], review: PixelReview | None, candidate: Candidate, rectangle: Rectangle
) -> list[Crop]:
    """Each place that is this rectangle, in the order of the recordings; one BARE crop where none is."""
    screen = screen_of(candidate)
    crops: list[Crop] = []
    for number, other in enumerate(candidates, start=1):
        if screen_of(other) == screen:
            crops += _crops_in(other, number, review, rectangle)
    return crops


def _crops_in(candidate: Candidate, number: int, review: PixelReview | None, rectangle: Rectangle) -> list[Crop]:
    items = places_of(candidate, review, NEW).items
    found = [place for place in items if rectangle.is_same(rectangle_of(place))]
    if found:
        return [Crop(candidate, number, place, rectangle_of(place)) for place in found]
    if any(box.covers(rectangle.corners()) for box in candidate.boxes.all()):
        return []
    return [Crop(candidate, number, None, rectangle)]
