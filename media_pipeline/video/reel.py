"""Which pictures become a video: a loop as it was recorded, or the slices of a series one after another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from media_pipeline.errors import NoLoop, StudyNotFound
from media_pipeline.imaging.locating import image_series
from media_pipeline.imaging.rendering import Look, measure_teaching, render_teaching, teaching_frames
from media_pipeline.models import TeachingInstance, TeachingRelease, TeachingStudy

ABOUT_SECONDS = 20.0
MOST_REPEATS = 10
MOST_RATE = 240.0  # pictures a second; no screen shows more
DEFAULT_FRAME_TIME = 40.0  # milliseconds, where the device does not say
SLICES_PER_SECOND = 4.0  # slow enough to follow a structure from slice to slice
LEAST_SECONDS = 1.0  # HLS counts whole seconds (RFC 8216, 4.3.3.1): of less than half a one no player makes anything
LEAST_PICTURES = 2
MOST_SLICES = 600


@dataclass(frozen=True, slots=True)
class Reel:
    """`rate` in pictures a second. A loop is one object shown `repeats` times; a scroll has an object for each slice.

    A scroll runs through space, not time: it is shown once and its caption says so.
    """

    instances: tuple[TeachingInstance, ...]
    rate: float
    repeats: int
    is_scroll: bool

    @property
    def length(self) -> int:
        """Different pictures."""
        return len(self.instances) if self.is_scroll else int(self.instances[0].frames)

    @property
    def seconds(self) -> float:
        return self.length * self.repeats / self.rate

    def pictures(self, release: TeachingRelease) -> Iterator[bytes]:
        """Every picture as JPEG, all in the window of the middle one. Raises BadFile, ReleaseClosed."""
        middle = self.instances[len(self.instances) // 2]
        window = measure_teaching(middle, release, 1 if self.is_scroll else (self.length + 1) // 2)
        look = Look(window["centre"], window["width"]) if window else Look()
        if not self.is_scroll:
            yield from teaching_frames(self.instances[0], release, look)
            return
        for instance in self.instances:
            yield render_teaching(instance, release, 1, look)


def reel_of(study: TeachingStudy, series_index: int) -> Reel:
    """The loop that a series begins with, else its slices of one size. `series_index` counts from 1.

    Raises StudyNotFound when there is no such series, NoLoop when nothing in it runs.
    """
    series = image_series(study)
    if not 1 <= series_index <= len(series):
        raise StudyNotFound
    instances = list(series[series_index - 1].instances.filter(frames__gt=0))
    first = instances[0]
    if first.frames >= LEAST_PICTURES:
        rate = min(MOST_RATE, 1000 / float(first.fact("frame_time") or DEFAULT_FRAME_TIME))
        repeats = min(MOST_REPEATS, max(1, round(ABOUT_SECONDS * rate / first.frames)))
        least = math.ceil(LEAST_SECONDS * rate / first.frames)
        return Reel((first,), rate, max(least, repeats), is_scroll=False)
    size = (first.rows, first.columns)
    slices = tuple(i for i in instances if i.frames == 1 and (i.rows, i.columns) == size)
    if not LEAST_PICTURES <= len(slices) <= MOST_SLICES:
        raise NoLoop
    return Reel(slices, min(SLICES_PER_SECOND, len(slices) / LEAST_SECONDS), 1, is_scroll=True)
