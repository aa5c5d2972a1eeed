"""Keep of an object's pixels what its header declares, and nothing behind it. Runs in the cage.

Readers cut frames by their number and size (PS3.3, C.7.6.3 and C.7.6.6), so bytes behind the last declared frame are
seen by nobody: neither by the officers who confirm the frames nor by whoever decodes them, yet they would leave with
the object. The kept frames stay bit for bit what they are.
"""

from __future__ import annotations

from pydicom import Dataset

from media_pipeline.cage.input import BadInput
from media_pipeline.deid.codestreams import strip_frames

OFFSET_TABLES = ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")
#: Pixels that no reader of this house shows beside (7FE0,0010): floating-point ones, and where they would be fetched.
UNSEEN = ("FloatPixelData", "DoubleFloatPixelData", "PixelDataProviderURL")
PIXELS = ("PixelData", *OFFSET_TABLES, *UNSEEN)


def keep_declared(dataset: Dataset) -> int:
    """Cut the pixels to the declared frames; how many things stood behind or between them.

    Raises BadInput("fewer_pixels") where less is there than declared, "unsupported_compression" for a compression
    whose frames cannot be told apart here.
    """
    gone = _drop(dataset, UNSEEN) + sum(_drop_nested(item) for item in _items(dataset))
    if not dataset.file_meta.TransferSyntaxUID.is_compressed:
        return gone + _drop(dataset, OFFSET_TABLES) + _cut_values(dataset)
    return gone + strip_frames(dataset, frames=declared_frames(dataset))


def declared_frames(dataset: Dataset) -> int:
    return max(1, int(dataset.get("NumberOfFrames") or 1))


def declared_bits(dataset: Dataset) -> int:
    """Bits of all uncompressed frames together; two of three samples are stored of YBR_FULL_422 (C.7.6.3.1.2)."""
    pixels = int(dataset.get("Rows") or 0) * int(dataset.get("Columns") or 0) * declared_frames(dataset)
    bits = pixels * int(dataset.get("SamplesPerPixel") or 1) * int(dataset.get("BitsAllocated") or 0)
    return bits // 3 * 2 if dataset.get("PhotometricInterpretation") == "YBR_FULL_422" else bits


def _cut_values(dataset: Dataset) -> bool:
    """Whether anything but zeros stood behind the last value, in the even-padding byte and in spare bits included."""
    bits = declared_bits(dataset)
    if bits <= 0:
        raise BadInput("no_pixels")
    whole, spare = (bits + 7) // 8, -bits % 8
    data = dataset.PixelData
    if len(data) < whole:
        raise BadInput("fewer_pixels")
    last = data[whole - 1] & (0xFF >> spare)  # the first pixel stands in the lowest bit (PS3.5, 8.1.1)
    end = bytes([last]) + b"\x00" * (whole % 2)
    if data[whole - 1 :] == end:
        return False
    has_content = last != data[whole - 1] or bool(data[whole:].strip(b"\x00"))
    dataset.PixelData = b"".join((memoryview(data)[: whole - 1], end))
    return has_content


def _items(dataset: Dataset) -> list[Dataset]:
    return [item for element in dataset if element.VR == "SQ" for item in element.value or []]


def _drop_nested(dataset: Dataset) -> int:
    """Pictures inside of sequences are shown to no officer."""
    return _drop(dataset, PIXELS) + sum(_drop_nested(item) for item in _items(dataset))


def _drop(dataset: Dataset, names: tuple[str, ...]) -> int:
    found = [name for name in names if name in dataset]
    for name in found:
        del dataset[name]
    return len(found)
