"""What holds for one frame of an enhanced object: its functional groups laid over the header. Runs in the cage.

Enhanced CT and MR objects carry rescale, window, orientation, position and spacing in macros that all frames share or
each has for itself (PS3.3, C.7.6.16); at the top of the header, where plain objects have them, they stand nowhere.
"""

from __future__ import annotations

import math
from typing import Any

from pydicom import Dataset

SHARED, PER_FRAME = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"
#: Macro -> what it says of a frame (PS3.3, C.7.6.16.2).
MACROS = {
    "PixelValueTransformationSequence": ("RescaleIntercept", "RescaleSlope", "RescaleType"),
    "FrameVOILUTSequence": ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction"),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
    "PlanePositionSequence": ("ImagePositionPatient",),
    "PixelMeasuresSequence": ("PixelSpacing", "SliceThickness"),
}
RESCALE, WINDOW = ("RescaleSlope", "RescaleIntercept"), ("WindowCenter", "WindowWidth")


def of_frame(header: Dataset, frame: int) -> Dataset:
    """The header as it counts for frame `frame` (from 1); `header` itself stays as it is.

    A rescale or a window with a number that is none is left out: neither would give a picture.
    """
    shown = Dataset(dict(header.items()))
    for group in _groups(header, frame):
        for macro, keywords in MACROS.items():
            for item in list(group.get(macro) or [])[:1]:
                for keyword in keywords:
                    if keyword in item:
                        shown[keyword] = item[keyword]
    for pair in (RESCALE, WINDOW):
        if not all(numbers(shown, keyword) for keyword in pair):
            for keyword in pair:
                shown.pop(keyword, None)
    return shown


def orientations(header: Dataset) -> list[list[float]]:
    """The orientations that occur among the frames; one for a plain object, none where nothing says it."""
    found: list[list[float]] = []
    for frame in range(1, max(1, len(header.get(PER_FRAME) or [])) + 1):
        orientation = numbers(header, "ImageOrientationPatient")
        for group in _groups(header, frame):
            for item in list(group.get("PlaneOrientationSequence") or [])[:1]:
                orientation = numbers(item, "ImageOrientationPatient") or orientation
        if orientation and orientation not in found:
            found.append(orientation)
    return found


def numbers(dataset: Dataset, keyword: str) -> list[float]:
    """All numbers of a value; none where one of them is no finite number, since they mean something only together
    ("nan" and "1e999" pass as decimal strings, and neither JSON nor every database holds them)."""
    value: Any = dataset.get(keyword)
    if value is None or value == "":
        return []
    parts = value if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
    try:
        found = [float(part) for part in parts]
    except (TypeError, ValueError):
        return []
    return found if all(map(math.isfinite, found)) else []


def _groups(header: Dataset, frame: int) -> list[Dataset]:
    """What all frames share, then what this one has: the later word counts."""
    shared = list(header.get(SHARED) or [])[:1]
    return [*shared, *list(header.get(PER_FRAME) or [])[frame - 1 : frame]]
