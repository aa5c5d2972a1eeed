"""The same rectangle of a few frames of one recording, as one picture. Runs in the cage."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from pydicom import Dataset

from media_pipeline.cage.input import BadInput
from media_pipeline.dicom.frames import decode, to_display
from media_pipeline.dicom.functional import of_frame
from media_pipeline.dicom.reading import read

EDGE = (240, 163, 107)  # around the rectangle, in the colour of a place that waits
GAP = 4  # pixels between two frames
QUALITY = 88


def render_strip(
    files: list[int],
    _blobs: list[bytes],
    *,
    frames: list[int],
    rectangle: dict[str, int],
    crop: dict[str, int],
    size: list[int],
    is_stacked: bool,
) -> tuple[dict[str, int], list[bytes]]:
    """`crop` of each of `frames` (from 1), shown `size` (width, height) large, one below the other or side by side.

    `rectangle` lies inside of `crop`; a line around it shows which pixels are meant. Only these frames are decoded, one
    after the other. Raises BadInput.
    """
    header = read(files[0], stop_before_pixels=True)
    width, height = size
    step_right, step_down = (0, height + GAP) if is_stacked else (width + GAP, 0)
    last = len(frames) - 1
    strip = Image.new("RGB", (width + last * step_right, height + last * step_down))
    for at, frame in enumerate(frames):
        part = Image.fromarray(_part(files[0], header, frame, rectangle, crop))
        strip.paste(part.resize((width, height), Image.Resampling.BICUBIC), (at * step_right, at * step_down))
    out = io.BytesIO()
    strip.save(out, "jpeg", quality=QUALITY)
    return {"width": strip.width, "height": strip.height}, [out.getvalue()]


def _part(descriptor: int, header: Dataset, frame: int, rectangle: dict[str, int], crop: dict[str, int]) -> np.ndarray:
    """(height, width, 3) of `crop`, with the line in the pixels next to the rectangle, never on it."""
    pixels = to_display(of_frame(header, frame), decode(descriptor, header, frame), None, None)
    part = pixels[crop["top"] : crop["top"] + crop["height"], crop["left"] : crop["left"] + crop["width"]]
    if part.size == 0:
        raise BadInput("no_pixels")
    coloured = np.array(part if part.ndim == 3 else np.repeat(part[..., None], 3, axis=2), copy=True)
    top, left = rectangle["top"] - crop["top"], rectangle["left"] - crop["left"]
    bottom, right = top + rectangle["height"], left + rectangle["width"]
    rows, columns = slice(max(0, top - 1), bottom + 1), slice(max(0, left - 1), right + 1)
    for row in (top - 1, bottom):
        if 0 <= row < coloured.shape[0]:
            coloured[row, columns] = EDGE
    for column in (left - 1, right):
        if 0 <= column < coloured.shape[1]:
            coloured[rows, column] = EDGE
    return coloured
