"""Which images of a release an editor can choose from, a window of thumbnails at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.numbers import whole_number
from media_pipeline.contracts import ReleaseFacts

WINDOW = 60


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame to choose: as the key image, or to be shown beside it."""

    number: int
    is_key: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Picker:
    """The frames of one series, of which `key` is the key image.

    `kept` are chosen frames outside the window; `windows` the first and last frames of all windows.
    """

    study: str
    series: int
    total: int
    pictures: tuple[Picture, ...]
    kept: tuple[Picture, ...]
    windows: tuple[tuple[int, int], ...]
    start: int
    key: int


def sources_of(release_studies: Any) -> list[tuple[str, str]]:
    """("study/series", words) for each released series."""
    return [
        (
            f"{study.id}/{series.index}",
            f"{series.modality_label} {series.description or study.description} · {series.frames}",
        )
        for study in release_studies
        for series in study.series
    ]


def picker_of(release: ReleaseFacts, figure: dict[str, Any] | None, start: str) -> Picker | None:
    """For the series of a step's figure; None without one. `start` is the first frame of the wanted window."""
    if not figure:
        return None
    series = next(
        (
            series
            for study in release.studies
            for series in study.series
            if str(study.id) == figure["study"] and series.index == figure["series"]
        ),
        None,
    )
    if series is None:
        return None
    wanted = whole_number(start)
    wanted = figure["frame"] if wanted is None else wanted
    first = (max(1, min(wanted, series.frames)) - 1) // WINDOW * WINDOW + 1
    last = min(first + WINDOW - 1, series.frames)
    shown = set(figure.get("frames") or [])

    def picture(number: int) -> Picture:
        return Picture(number, number == figure["frame"], number in shown)

    inside = range(first, last + 1)
    return Picker(
        study=figure["study"],
        series=figure["series"],
        total=series.frames,
        pictures=tuple(picture(number) for number in inside),
        kept=tuple(picture(number) for number in sorted({*shown, figure["frame"]} - set(inside))),
        windows=tuple((n, min(n + WINDOW - 1, series.frames)) for n in range(1, series.frames + 1, WINDOW)),
        start=first,
        key=figure["frame"],
    )
