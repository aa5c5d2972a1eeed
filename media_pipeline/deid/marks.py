"""Where a loop seems to carry burnt-in marks: bright, sharp, and the same in every frame. Runs in the cage.

A suggestion for the reader, never a decision: it does not read letters, so a scale or a logo is found like a name, and
faint, moving or very large text is missed. Tissue moves between frames, the device's own writing does not. Single
pictures have nothing to compare; for them only what the header says is reported: Burned In Annotation (0028,0301) and
the ultrasound regions (0018,6011), outside which PS3.3 C.8.5.5 puts no image data.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from pydicom import Dataset

from media_pipeline.deid.pixels import Box
from media_pipeline.dicom.frames import decode, to_display
from media_pipeline.dicom.functional import of_frame
from media_pipeline.dicom.reading import read

FRAMES = 8  # looked at, spread over the loop
UNMOVED = 14  # grey values of 255: lossy compression flickers by less
BRIGHT = 50
CONTRAST = 30  # against the darkest pixel within three: writing has an edge
CELL = 8  # pixels: marks of one line of writing lie within neighbouring cells
LEAST_PIXELS = 12
LARGEST_SHARE = 0.25  # of the picture: more is no writing
MOST = 20
MARGIN = 2
MACHINE = ("Manufacturer", "ManufacturerModelName", "DeviceSerialNumber", "StationName")  # PS3.3, C.7.5.1


def find_marks(files: list[int], _blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """What the header says and rectangles to look at, in image pixels, the largest first.

    `burned_in` is "YES", "NO" or "" when the header is silent; `regions` the rectangles of the ultrasound; `marks`
    the rectangles with `is_outside`: wholly outside every region; `machine` is equal for pictures of one machine and
    does not say which it is, "" when the header is silent. Raises BadInput.
    """
    header = read(files[0], stop_before_pixels=True)
    regions = _regions(header)
    marks = [dict(box, is_outside=_is_outside(box, regions)) for box in _marks(files[0], header)]
    burned_in = str(header.get("BurnedInAnnotation") or "").upper()
    findings = {"burned_in": burned_in if burned_in in {"YES", "NO"} else "", "regions": regions, "marks": marks}
    return findings | {"machine": _machine(header)}, []


def unchanging_marks(frames: np.ndarray) -> np.ndarray:
    """From (n, rows, columns) of grey values, n >= 2: True where a bright, sharp pixel is the same in all of them."""
    low, high = frames.min(axis=0).astype(np.int16), frames.max(axis=0).astype(np.int16)
    still = (high - low <= UNMOVED) & (low >= BRIGHT)
    darkest = _darkest_within(low, 3)
    return np.asarray(still & (low - darkest >= CONTRAST))


def rectangles(marks: np.ndarray) -> list[Box]:
    """Rectangles around marks that lie together, the largest first."""
    rows, columns = marks.shape
    high, wide = -(-rows // CELL), -(-columns // CELL)
    padded = np.zeros((high * CELL, wide * CELL), dtype=bool)
    padded[:rows, :columns] = marks
    cells = np.asarray(padded.reshape(high, CELL, wide, CELL).any(axis=(1, 3)))
    found = [_around(marks, group) for group in _groups(cells)]
    kept = [
        box
        for box, pixels in found
        if pixels >= LEAST_PIXELS and box["width"] * box["height"] <= LARGEST_SHARE * marks.size
    ]
    return sorted(kept, key=lambda box: -box["width"] * box["height"])[:MOST]


def _marks(descriptor: int, header: Dataset) -> list[Box]:
    count = max(1, int(header.get("NumberOfFrames") or 1))
    if count < 2:
        return []
    numbers = sorted({1 + round(step * (count - 1) / (FRAMES - 1)) for step in range(FRAMES)})
    return rectangles(unchanging_marks(np.stack([_grey(descriptor, header, number) for number in numbers])))


def _grey(descriptor: int, header: Dataset, number: int) -> np.ndarray:
    shown = to_display(of_frame(header, number), decode(descriptor, header, number), None, None)
    return shown if shown.ndim == 2 else shown.max(axis=2)


def _darkest_within(values: np.ndarray, reach: int) -> np.ndarray:
    """The smallest value within `reach` pixels along rows and columns."""
    result = values
    for axis in (0, 1):
        shifted = [np.roll(result, step, axis=axis) for step in range(-reach, reach + 1)]
        result = np.minimum.reduce(shifted)
    return result


def _groups(cells: np.ndarray) -> list[list[tuple[int, int]]]:
    """Cells that touch, also across one empty cell to the side: the blank between two words."""
    left = {(int(row), int(column)) for row, column in np.argwhere(cells)}
    groups = []
    while left:
        group, waiting = [], [left.pop()]
        while waiting:
            row, column = waiting.pop()
            group.append((row, column))
            near = {(row + down, column + aside) for down in (-1, 0, 1) for aside in (-2, -1, 0, 1, 2)} & left
            left -= near
            waiting += near
        groups.append(group)
    return groups


def _around(marks: np.ndarray, group: list[tuple[int, int]]) -> tuple[Box, int]:
    """(The rectangle of a group's marks with a margin, inside the picture; how many marks are in it.)"""
    rows = [row for row, _column in group]
    columns = [column for _row, column in group]
    top, left = min(rows) * CELL, min(columns) * CELL
    part = marks[top : (max(rows) + 1) * CELL, left : (max(columns) + 1) * CELL]
    down, aside = np.nonzero(part)
    first_row, first_column = max(0, top + int(down.min()) - MARGIN), max(0, left + int(aside.min()) - MARGIN)
    last_row = min(marks.shape[0], top + int(down.max()) + 1 + MARGIN)
    last_column = min(marks.shape[1], left + int(aside.max()) + 1 + MARGIN)
    box = {"left": first_column, "top": first_row, "width": last_column - first_column, "height": last_row - first_row}
    return box, int(part.sum())


def _machine(header: Dataset) -> str:
    said = [str(header.get(keyword) or "").strip() for keyword in MACHINE]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16] if any(said) else ""


def _regions(header: Dataset) -> list[Box]:
    boxes = []
    for item in header.get("SequenceOfUltrasoundRegions") or []:
        try:
            left, top = int(item.RegionLocationMinX0), int(item.RegionLocationMinY0)
            right, bottom = int(item.RegionLocationMaxX1), int(item.RegionLocationMaxY1)
        except (AttributeError, TypeError, ValueError):
            continue
        if 0 <= left < right <= int(header.Columns) and 0 <= top < bottom <= int(header.Rows):
            boxes.append({"left": left, "top": top, "width": right - left, "height": bottom - top})
    return boxes


def _is_outside(box: Box, regions: list[Box]) -> bool:
    return bool(regions) and not any(
        box["left"] < region["left"] + region["width"]
        and region["left"] < box["left"] + box["width"]
        and box["top"] < region["top"] + region["height"]
        and region["top"] < box["top"] + box["height"]
        for region in regions
    )
