"""When a rectangle of one recording is the same as one of another.

Two recordings are alike when they have the same size in pixels, modality, photometric interpretation (PS3.3, C.7.6.3)
and machine (General Equipment, PS3.3, C.7.5.1, as `deid.marks` keeps it): then their pixels mean the same place of the
same screen. Two rectangles of alike recordings are the same when each of their edges lies within `NEAR` pixels of the
other's, and they share at least half of what they cover together. `NEAR` is the cell in which the machine gathers marks
(`deid.marks.CELL`): it cannot tell places apart more finely, and a clock whose digits change grows and shrinks by less.
The half is the overlap from which on PASCAL VOC counts two boxes as one (Everingham et al. 2010, section 4.2); it keeps
a low line of writing from being taken for the next one. Alike is no proof of the same content: a reader looks at each.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from media_pipeline.models import Candidate, RedactionBox
from media_pipeline.release.places import Place

NEAR = 8  # pixels
LEAST_SHARED = 0.5


@dataclass(frozen=True, slots=True)
class Rectangle:
    """In image pixels from the top left."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def corners(self) -> dict[str, int]:
        return asdict(self)

    def is_same(self, other: Rectangle) -> bool:
        """Whether both stand for one place of the screen."""
        apart = (
            abs(self.left - other.left),
            abs(self.top - other.top),
            abs(self.right - other.right),
            abs(self.bottom - other.bottom),
        )
        return max(apart) <= NEAR and self._shared(other) >= LEAST_SHARED

    def with_(self, other: Rectangle) -> Rectangle:
        """The smallest rectangle around both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Rectangle(left, top, right - left, bottom - top)

    def _shared(self, other: Rectangle) -> float:
        """Intersection over union."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        common = max(0, wide) * max(0, high)
        together = self.width * self.height + other.width * other.height - common
        return common / together if together else 0.0


def rectangle_of(place: Place | RedactionBox) -> Rectangle:
    return Rectangle(place.left, place.top, place.width, place.height)


def screen_of(candidate: Candidate) -> tuple[object, ...]:
    """What recordings of one machine share; older rows know no machine, and count as of one."""
    return (
        candidate.columns,
        candidate.rows,
        candidate.facts.get("modality", ""),
        candidate.facts.get("facts", {}).get("photometric", ""),
        candidate.findings.get("machine", ""),
    )
