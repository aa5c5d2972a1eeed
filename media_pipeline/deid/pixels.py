"""Blacken rectangles in the stored pixels of an object, and clear what lies beside the stored bits.

Runs in the cage. Frames compressed with JPEG baseline are decoded, painted, compressed again at quality 95; an object
without a box keeps its compressed bytes. Other objects with a box are stored uncompressed: nothing else changes.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from pydicom import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit

from media_pipeline.cage.input import BadInput

QUALITY = 95

Box = dict[str, int]


def blacken(dataset: Dataset, boxes: list[Box]) -> None:
    """Paint every box on every frame. Raises BadInput for a box outside the picture."""
    for box in boxes:
        if min(box.values()) < 0 or box["left"] >= dataset.Columns or box["top"] >= dataset.Rows:
            raise BadInput("unreadable")
    if not boxes:
        return
    if dataset.file_meta.TransferSyntaxUID == JPEGBaseline8Bit and dataset.BitsAllocated == 8:
        _blacken_jpeg(dataset, boxes)
    else:
        _blacken_values(dataset, boxes)


def strip_unused_bits(dataset: Dataset) -> bool:
    """Clear what lies above the stored bits of uncompressed pixels; whether there was anything.

    Older devices put an overlay there (PS3.5, 8.1.2 before 2008), and with it the patient's name. A signed value is
    extended by its sign, as readers expect.
    """
    stored, allocated = int(dataset.get("BitsStored") or 0), int(dataset.get("BitsAllocated") or 0)
    is_plain = not dataset.file_meta.TransferSyntaxUID.is_compressed and allocated in (16, 32)
    if not is_plain or not 0 < stored < allocated or int(dataset.get("HighBit") or 0) != stored - 1:
        return False
    order = "<" if dataset.file_meta.TransferSyntaxUID.is_little_endian else ">"
    signed = int(dataset.get("PixelRepresentation") or 0) == 1
    values = np.frombuffer(dataset.PixelData, dtype=f"{order}{'i' if signed else 'u'}{allocated // 8}")
    spare = allocated - stored
    cleared = (values << spare) >> spare  # arithmetic for signed values, logical for unsigned ones
    if np.array_equal(cleared, values):
        return False
    dataset.PixelData = cleared.astype(values.dtype).tobytes()
    return True


def _blacken_jpeg(dataset: Dataset, boxes: list[Box]) -> None:
    frames = []
    for frame in generate_frames(dataset.PixelData, number_of_frames=_count(dataset)):
        source = Image.open(io.BytesIO(frame))
        source.draft(source.mode, None)
        picture = source.convert("RGB" if dataset.SamplesPerPixel == 3 else "L")
        for box in boxes:
            corner = (box["left"], box["top"], box["left"] + box["width"], box["top"] + box["height"])
            picture.paste(0, corner)
        out = io.BytesIO()
        picture.save(out, "jpeg", quality=QUALITY, subsampling=0)
        frames.append(out.getvalue())
    dataset.PixelData = encapsulate(frames)
    if dataset.SamplesPerPixel == 3:
        dataset.PhotometricInterpretation = "YBR_FULL"
    raw = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * len(frames)
    earlier = dataset.get("LossyImageCompressionRatio") or []
    earlier = [str(earlier)] if not hasattr(earlier, "__iter__") or isinstance(earlier, str) else map(str, earlier)
    dataset.LossyImageCompression = "01"
    dataset.LossyImageCompressionRatio = [*earlier, f"{raw / sum(map(len, frames)):.2f}"]


def _blacken_values(dataset: Dataset, boxes: list[Box]) -> None:
    if dataset.file_meta.TransferSyntaxUID.is_compressed:
        dataset.decompress(generate_instance_uid=False)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    samples, planar = int(dataset.SamplesPerPixel), int(dataset.get("PlanarConfiguration") or 0)
    kind = np.dtype(f"<u{dataset.BitsAllocated // 8}")
    count, rows, columns = _count(dataset), dataset.Rows, dataset.Columns
    shape = (count, samples, rows, columns) if planar else (count, rows, columns, samples)
    values = np.frombuffer(dataset.PixelData, dtype=kind, count=int(np.prod(shape))).reshape(shape).copy()
    darkest = _darkest(dataset)
    for box in boxes:
        rows = slice(box["top"], box["top"] + box["height"])
        columns = slice(box["left"], box["left"] + box["width"])
        if planar:
            values[:, :, rows, columns] = darkest
        else:
            values[:, rows, columns, :] = darkest
    data = values.tobytes()
    dataset.PixelData = data + b"\x00" * (len(data) % 2)
    dataset["PixelData"].VR = "OW" if dataset.BitsAllocated > 8 else "OB"


def _darkest(dataset: Dataset) -> int:
    """The stored value that shows black, as an unsigned number of the allocated width."""
    signed = int(dataset.get("PixelRepresentation") or 0) == 1
    stored = int(dataset.get("BitsStored") or dataset.BitsAllocated)
    if dataset.get("PhotometricInterpretation") == "MONOCHROME1":
        return (1 << (stored - 1)) - 1 if signed else (1 << stored) - 1
    return (1 << dataset.BitsAllocated) - (1 << (stored - 1)) if signed else 0


def _count(dataset: Dataset) -> int:
    return max(1, int(dataset.get("NumberOfFrames") or 1))
