"""The places of a picture that a reader decides about: what the machine noticed, and the rectangles readers drew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any
from uuid import UUID

from media_pipeline.models import Candidate, PixelReview

SUGGESTED, LEFT, COVERED = "suggested", "left", "covered"
NEW = "new"  # in the address: no place, a rectangle is about to be drawn
SIGN_SHARE = 30  # the signs on the picture are a thirtieth of its longer side high
CLOSE_SHARE = 24  # a close-up shows at least this part of the picture, so that one sees what is around


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle in image pixels. `sign` stands beside it: a letter for a mark, a number for a drawn rectangle.

    `state` is suggested, left (this reader leaves it visible) or covered. `mark` counts the machine's marks from 1.
    """

    sign: str
    state: str
    left: int
    top: int
    width: int
    height: int
    columns: int
    rows: int
    mark: int = 0
    box_id: UUID | None = None
    reason: str = ""
    is_outside: bool = False

    @property
    def key(self) -> str:
        return f"box-{self.box_id}" if self.box_id else f"mark-{self.mark}"

    @property
    def sign_size(self) -> int:
        return max(8, max(self.columns, self.rows) // SIGN_SHARE)

    @property
    def sign_left(self) -> int:
        """The sign stands before the rectangle, or behind it where the picture ends."""
        before = self.left - self.sign_size - 4
        return before if before >= 0 else min(self.left + self.width + 4, self.columns - self.sign_size)

    @property
    def sign_top(self) -> int:
        """The base line of the sign."""
        return min(max(self.top + (self.height + self.sign_size * 3 // 4) // 2, self.sign_size), self.rows - 2)

    @property
    def reach(self) -> dict[str, int]:
        """What a finger may touch: the rectangle with a rim, so that a small one can be hit."""
        rim = max(0, self.sign_size * 5 // 2 - min(self.width, self.height)) // 2 + 2
        return {
            "left": self.left - rim,
            "top": self.top - rim,
            "width": self.width + 2 * rim,
            "height": self.height + 2 * rim,
        }

    @property
    def close_up(self) -> str:
        """The part of the picture around it, as an SVG view box."""
        rim = max(6, max(self.columns, self.rows) // CLOSE_SHARE // 2)
        return f"{self.left - rim} {self.top - rim} {self.width + 2 * rim} {self.height + 2 * rim}"


@dataclass(frozen=True, slots=True)
class Places:
    """All places of one picture in reading order, the one picked, and its neighbours."""

    items: list[Place]
    picked: Place | None
    is_drawing: bool

    @property
    def open(self) -> list[Place]:
        return [place for place in self.items if place.state == SUGGESTED]

    @property
    def covered(self) -> list[Place]:
        return [place for place in self.items if place.state == COVERED]

    @property
    def left(self) -> list[Place]:
        return [place for place in self.items if place.state == LEFT]

    @property
    def number(self) -> int:
        """Which of all the places is picked, from 1; 0 for none."""
        return self.items.index(self.picked) + 1 if self.picked else 0

    @property
    def before(self) -> Place | None:
        return self.items[self.number - 2] if self.items else None

    @property
    def after(self) -> Place | None:
        return self.items[self.number % len(self.items)] if self.items else None


def places_of(candidate: Candidate, review: PixelReview | None, pick: str) -> Places:
    """`pick` is a place's key or NEW; with anything else the first place that waits for a decision is picked."""
    items = sorted([*_marks(candidate, review), *_boxes(candidate)], key=lambda place: (place.top, place.left))
    wanted = next((place for place in items if place.key == pick), None)
    if wanted is None and pick != NEW:
        wanted = next((place for place in items if place.state == SUGGESTED), None)
    return Places(items, wanted, pick == NEW)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A place that this reader has yet to decide about, and the frame on which the page shows it."""

    candidate: Candidate
    place: Place

    @property
    def frame(self) -> str:
        return f"{self.candidate.pk}:1"


def undecided_in(candidates: Iterable[Candidate], review: PixelReview | None) -> list[Undecided]:
    """What the machine noticed and is neither covered nor left visible by this reader, in the order of the pictures."""
    return [
        Undecided(candidate, place)
        for candidate in candidates
        for place in sorted(_marks(candidate, review), key=lambda place: (place.top, place.left))
        if place.state == SUGGESTED
    ]


def _marks(candidate: Candidate, review: PixelReview | None) -> list[Place]:
    """Those that no rectangle covers. A mark keeps its letter whatever becomes of the others."""
    marks: list[dict[str, Any]] = candidate.findings.get("marks", [])
    order = sorted(range(len(marks)), key=lambda at: (marks[at]["top"], marks[at]["left"]))
    signs = {at: ascii_uppercase[rank % len(ascii_uppercase)] for rank, at in enumerate(order)}
    left = review.marks_left(candidate.pk) if review else set()
    boxes = list(candidate.boxes.all())
    return [
        Place(
            sign=signs[at],
            state=LEFT if at + 1 in left else SUGGESTED,
            left=mark["left"],
            top=mark["top"],
            width=mark["width"],
            height=mark["height"],
            columns=candidate.columns,
            rows=candidate.rows,
            mark=at + 1,
            is_outside=bool(mark.get("is_outside")),
        )
        for at, mark in enumerate(marks)
        if not any(box.covers(mark) for box in boxes)
    ]


def _boxes(candidate: Candidate) -> list[Place]:
    return [
        Place(
            sign=str(number),
            state=COVERED,
            left=box.left,
            top=box.top,
            width=box.width,
            height=box.height,
            columns=candidate.columns,
            rows=candidate.rows,
            box_id=box.pk,
            reason=box.reason,
        )
        for number, box in enumerate(candidate.boxes.all(), start=1)
    ]
