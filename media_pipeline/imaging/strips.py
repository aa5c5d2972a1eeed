"""How large the crops of a sheet are shown, and the picture of one recording's.

Made anew for each look, and kept nowhere: what lies unsealed is shown only while a release is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from media_pipeline import cage, stores
from media_pipeline.errors import ReleaseNotFound
from media_pipeline.imaging.rendering import SECONDS
from media_pipeline.models import Candidate
from media_pipeline.release.rectangles import Rectangle

RIM = 12  # image pixels around the rectangle, so that one sees what it lies in
CARD = 340  # pixels that a phone has for one recording
MOST_TIMES = 2.0  # enlarged: writing of a machine is 8 to 12 pixels high
MOST_WIDTH, MOST_HEIGHT = 960, 640  # pixels of the picture shown, for one frame
GAP = 4


@dataclass(frozen=True, slots=True)
class Strip:
    """The first, the middle and the last frame of a recording around a rectangle; of a short one each frame."""

    candidate: Candidate
    rectangle: Rectangle

    @property
    def frames(self) -> list[int]:
        count = max(1, self.candidate.frames)
        return sorted({1, (count + 1) // 2, count})

    @property
    def crop(self) -> Rectangle:
        left, top = max(0, self.rectangle.left - RIM), max(0, self.rectangle.top - RIM)
        right = min(self.candidate.columns, self.rectangle.right + RIM)
        bottom = min(self.candidate.rows, self.rectangle.bottom + RIM)
        return Rectangle(left, top, right - left, bottom - top)

    @property
    def is_stacked(self) -> bool:
        """Three narrow ones stand side by side on a phone in their own size; wide ones one below the other."""
        return len(self.frames) * (self.crop.width + GAP) > CARD

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of one frame's crop as it is shown."""
        crop = self.crop
        room = CARD if self.is_stacked else CARD // len(self.frames) - GAP
        times = min(MOST_TIMES, max(1.0, room / crop.width))
        times = min(times, MOST_WIDTH / crop.width, MOST_HEIGHT / crop.height)
        return max(1, round(crop.width * times)), max(1, round(crop.height * times))

    @property
    def width(self) -> int:
        return self.size[0] if self.is_stacked else self._along(self.size[0])

    @property
    def height(self) -> int:
        return self._along(self.size[1]) if self.is_stacked else self.size[1]

    def _along(self, length: int) -> int:
        return len(self.frames) * (length + GAP) - GAP


def render_strip(strip: Strip) -> bytes:
    """A JPEG. Raises BadFile, ReleaseNotFound when the release was opened or refused meanwhile."""
    arguments = {
        "frames": strip.frames,
        "rectangle": strip.rectangle.corners(),
        "crop": strip.crop.corners(),
        "size": list(strip.size),
        "is_stacked": strip.is_stacked,
    }
    try:
        with stores.opened(stores.identified(), strip.candidate.path) as file:
            return cage.call(
                "render_strip", zone="deid", files=[file.fileno()], arguments=arguments, seconds=SECONDS
            ).blobs[0]
    except FileNotFoundError:
        raise ReleaseNotFound from None
