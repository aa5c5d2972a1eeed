"""From stored pixels to a picture a browser shows. Runs in the cage.

Order of PS3.4, N.2: modality transform (rescale or LUT), VOI (window or LUT), then the presentation inverse of
MONOCHROME1. Colour is converted to RGB. Multi-frame objects are read one frame at a time.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from pydicom import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels import apply_modality_lut, apply_voi_lut, convert_color_space, pixel_array

from media_pipeline.cage.input import BadInput
from media_pipeline.dicom.functional import numbers, of_frame
from media_pipeline.dicom.reading import open_checked, read

LARGEST_SIDE = 4096
MOST_PIXELS = 64 * 2**20
FORMATS = {"jpeg": {"quality": 90}, "png": {"compress_level": 3}}


def render_frame(
    files: list[int],
    _blobs: list[bytes],
    *,
    frame: int,
    centre: float | None = None,
    width: float | None = None,
    side: int | None = None,
    kind: str = "jpeg",
    boxes: list[dict[str, int]] | None = None,
) -> tuple[dict[str, int], list[bytes]]:
    """Frame `frame` (from 1) as a JPEG or PNG, windowed, at most `side` pixels along its longer edge.

    `boxes` are blackened in image pixels first. Raises BadInput.
    """
    header = read(files[0], stop_before_pixels=True)
    pixels = to_display(of_frame(header, frame), decode(files[0], header, frame), centre, width)
    for box in boxes or []:
        pixels[box["top"] : box["top"] + box["height"], box["left"] : box["left"] + box["width"]] = 0
    picture = Image.fromarray(pixels)
    limit = min(side or LARGEST_SIDE, LARGEST_SIDE)
    if max(picture.size) > limit:
        picture.thumbnail((limit, limit), Image.Resampling.BILINEAR)
    out = io.BytesIO()
    picture.save(out, kind, **FORMATS[kind])
    return {"width": picture.width, "height": picture.height}, [out.getvalue()]


def measure_frame(files: list[int], _blobs: list[bytes], *, frame: int) -> tuple[dict[str, float] | None, list[bytes]]:
    """Centre and width that `render_frame` uses when none is asked for; None for colour. Raises BadInput."""
    header = read(files[0], stop_before_pixels=True)
    stored = decode(files[0], header, frame)
    if stored.ndim == 3 or header.get("PhotometricInterpretation") == "PALETTE COLOR":
        return None, []
    shown = of_frame(header, frame)
    values = apply_modality_lut(stored, shown).astype(np.float64)
    if "WindowCenter" in shown:
        centre, width = numbers(shown, "WindowCenter")[0], numbers(shown, "WindowWidth")[0]
    else:
        low, high = np.percentile(values, (0.5, 99.5))
        centre, width = (low + high) / 2, max(1.0, high - low)
    return {"centre": round(float(centre), 1), "width": round(float(width), 1)}, []


def decode(descriptor: int, header: Dataset, frame: int) -> np.ndarray:
    """The stored values of one frame: (rows, columns) or (rows, columns, 3). Raises BadInput."""
    rows, columns = int(header.get("Rows") or 0), int(header.get("Columns") or 0)
    if not 0 < rows * columns <= MOST_PIXELS:
        raise BadInput("no_pixels")
    if not 1 <= frame <= max(1, int(header.get("NumberOfFrames") or 1)):
        raise BadInput("no_such_frame")
    with open_checked(descriptor) as file:
        try:
            return pixel_array(file, index=frame - 1, raw=True)  # type: ignore[arg-type]
        except NotImplementedError as error:
            raise BadInput("unsupported_compression") from error
        except RuntimeError as error:
            raise BadInput("unsupported_compression" if "missing" in str(error) else "unreadable") from error
        except (AttributeError, KeyError) as error:
            raise BadInput("no_pixels") from error


def to_display(header: Dataset, stored: np.ndarray, centre: float | None, width: float | None) -> np.ndarray:
    """Eight-bit grey or RGB, writable. `header` is what `of_frame` says of the frame."""
    photometric = str(header.get("PhotometricInterpretation", "MONOCHROME2"))
    if photometric == "PALETTE COLOR":
        from pydicom.pixels import apply_color_lut

        coloured = apply_color_lut(stored, header)
        return np.ascontiguousarray(coloured >> 8 if coloured.dtype.itemsize > 1 else coloured).astype(np.uint8)
    if stored.ndim == 3:
        return _colour(header, stored, photometric)
    values = apply_modality_lut(stored, header).astype(np.float64)
    if centre is not None and width is not None:
        grey = window(values, centre, width)
    elif "VOILUTSequence" in header or "WindowCenter" in header:
        grey = _scaled(apply_voi_lut(values if "VOILUTSequence" not in header else stored, header, index=0))
    else:
        low, high = np.percentile(values, (0.5, 99.5))
        grey = _scaled(np.clip(values, low, high))
    if photometric == "MONOCHROME1":
        grey = 255 - grey
    return np.ascontiguousarray(grey)


def window(values: np.ndarray, centre: float, width: float) -> np.ndarray:
    """The linear VOI function of PS3.3, C.11.2.1.2.1, to 0..255."""
    span = max(width, 1.0)
    if span <= 1:
        return np.where(values <= centre - 0.5, 0, 255).astype(np.uint8)
    scaled = ((values - (centre - 0.5)) / (span - 1) + 0.5) * 255.0
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def extract_frame(files: list[int], _blobs: list[bytes], *, frame: int) -> tuple[dict[str, str], list[bytes]]:
    """Frame `frame` (from 1) as it is stored: the compressed stream, or little-endian values. Raises BadInput."""
    dataset = read(files[0])
    if "PixelData" not in dataset:
        raise BadInput("no_pixels")
    syntax = dataset.file_meta.TransferSyntaxUID
    count = max(1, int(dataset.get("NumberOfFrames") or 1))
    if not 1 <= frame <= count:
        raise BadInput("no_such_frame")
    if syntax.is_encapsulated:
        return {"transfer_syntax_uid": str(syntax)}, [get_frame(dataset.PixelData, frame - 1, number_of_frames=count)]
    length = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * dataset.BitsAllocated // 8
    return {"transfer_syntax_uid": str(syntax)}, [dataset.PixelData[(frame - 1) * length : frame * length]]


def _colour(header: Dataset, stored: np.ndarray, photometric: str) -> np.ndarray:
    if photometric in {"YBR_FULL", "YBR_FULL_422"}:
        stored = convert_color_space(stored, photometric, "RGB")
    if stored.dtype != np.uint8:
        stored = (stored >> max(0, int(header.get("BitsStored", 16)) - 8)).astype(np.uint8)
    return np.array(stored[..., :3], copy=True)


def _scaled(values: np.ndarray) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return np.zeros(values.shape, dtype=np.uint8)
    return np.rint((values - low) / (high - low) * 255.0).astype(np.uint8)
