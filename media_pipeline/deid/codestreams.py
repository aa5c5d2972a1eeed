"""Drop what compressed frames carry beside the picture. Runs in the cage; the pixels stay bit for bit what they are.

JPEG (ISO/IEC 10918-1) and JPEG-LS (ISO/IEC 14495-1) are rows of segments: comments, applications' own segments and
whatever stands behind the end of the image go, but for those that tell a decoder what the colours mean. JPEG 2000
(ISO/IEC 15444-1) counts the bytes of its tile-parts, so comments are blanked where they stand. Of an RLE frame (PS3.5,
annex G) each segment is kept as far as it yields pixels.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from struct import pack, unpack_from

from pydicom import Dataset
from pydicom.encaps import generate_frames

from media_pipeline.cage.input import BadInput

SYNTAX = "1.2.840.10008.1.2.4."
JPEG = frozenset(f"{SYNTAX}{last}" for last in (50, 51, 57, 70))
JPEG_LS = frozenset(f"{SYNTAX}{last}" for last in (80, 81))
JPEG_2000 = frozenset(f"{SYNTAX}{last}" for last in (90, 91, 92, 93, 201, 202, 203))

RLE = "1.2.840.10008.1.2.5"
ITEM, LAST_OFFSET = (0xFFFE, 0xE000), 2**32 - 1

EOI, SOS, APPLICATION_0 = 0xD9, 0xDA, 0xE0
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
#: Where scan data ends: a stuffed byte and a restart marker belong to it.
SCAN_END = re.compile(rb"\xff+[\xc0-\xcf\xd8-\xfe]", re.DOTALL)
#: Tables, frame, scan, restart interval and, for JPEG-LS, its own two (ISO/IEC 10918-1, B.1; ISO/IEC 14495-1, C.1).
SEGMENTS = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xF7, 0xF8} - {0xC8})
SPIFF_END = b"\x00\x00\x00\x01\xff\xd8"

CODESTREAM, TILE_PART, TILE_DATA, CODESTREAM_END, CODESTREAM_COMMENT = 0x4F, 0x90, 0x93, 0xD9, 0x64
RLE_HEADER = 64  # bytes: how many segments there are and where each begins
SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
#: Boxes of a JP2 file that say how the picture is decoded (ISO/IEC 15444-1, I.5), and those inside its header box.
DECODING_BOXES = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef"})


def strip_frames(dataset: Dataset, *, frames: int) -> int:
    """Encapsulate the first `frames` frames anew, each without comments and the like; how many things went.

    One frame is looked at at a time and nothing is held twice: at most the pixels as they came and as they go are in
    memory. Raises BadInput.
    """
    strip = _stripper(dataset)
    tables = [dataset.get(name) for name in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")]
    found, made = 0, Encapsulated(frames)
    for number, frame in enumerate(
        generate_frames(
            dataset.PixelData, number_of_frames=frames, extended_offsets=(tables[0], tables[1]) if all(tables) else None
        )
    ):
        if number >= frames:
            found += 1
            continue
        kept, removed = strip(frame)
        made.add(kept)
        found += removed
    if made.count < frames:
        raise BadInput("fewer_pixels")
    dataset.PixelData = made.finished()
    for name in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if name in dataset:
            del dataset[name]
    return found


def _stripper(dataset: Dataset) -> Callable[[bytes], tuple[bytes, int]]:
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if syntax in JPEG | JPEG_LS:
        return strip_segments
    if syntax in JPEG_2000:
        return blank_comments
    if syntax == RLE:
        segments = dataset.SamplesPerPixel * (dataset.BitsAllocated // 8)
        return partial(strip_packed, segments=segments, size=dataset.Rows * dataset.Columns)
    raise BadInput("unsupported_compression")


class Encapsulated:
    """Frames as encapsulated pixel data, one fragment each, behind a Basic Offset Table (PS3.5, A.4)."""

    def __init__(self, frames: int) -> None:
        self._offsets: list[int] = []
        self._start = 8 + 4 * frames
        self._out = io.BytesIO()
        self._out.write(pack("<HHI", *ITEM, 4 * frames) + bytes(4 * frames))

    @property
    def count(self) -> int:
        return len(self._offsets)

    def add(self, frame: bytes) -> None:
        if self._out.tell() > LAST_OFFSET:
            raise BadInput("too_large")
        self._offsets.append(self._out.tell() - self._start)
        self._out.write(pack("<HHI", *ITEM, len(frame) + len(frame) % 2))
        self._out.write(frame + b"\x00" * (len(frame) % 2))

    def finished(self) -> bytes:
        self._out.seek(8)
        self._out.write(pack(f"<{self.count}I", *self._offsets))
        return self._out.getvalue()


def strip_segments(frame: bytes) -> tuple[bytes, int]:
    """A JPEG or JPEG-LS stream without comments, foreign application segments and a tail; how many went."""
    if frame[:2] != b"\xff\xd8":
        raise BadInput("unreadable")
    out, position, removed = bytearray(frame[:2]), 2, 0
    while position < len(frame):
        if frame[position] != 0xFF:  # readers pass over what is no segment, so it may say anything
            position, removed = _next(frame, position), removed + 1
            continue
        marker, start = _marker(frame, position)
        if marker == EOI:
            out += b"\xff\xd9"
            return bytes(out), removed + bool(frame[start:].strip(b"\x00\xff"))
        if marker in WITHOUT_LENGTH:
            out += bytes((0xFF, marker))
            position = start
            continue
        end = start + _length(frame, start, len(frame))
        payload = frame[start + 2 : end]
        kept = _kept(marker, payload)
        if kept is not None:
            out += bytes((0xFF, marker)) + (len(kept) + 2).to_bytes(2, "big") + kept
        removed += kept != payload
        position = end
        if marker == SOS:
            found = SCAN_END.search(frame, end)
            position = found.start() if found else len(frame)
            out += frame[end:position]
    return bytes(out), removed


def _next(frame: bytes, position: int) -> int:
    found = frame.find(b"\xff", position)
    return found if found >= 0 else len(frame)


def _marker(frame: bytes, position: int) -> tuple[int, int]:
    """(Code of the marker at `position`, where it ends); fill bytes in front are passed over."""
    while position < len(frame) and frame[position] == 0xFF:
        position += 1
    if position == len(frame):
        return EOI, position
    return frame[position], position + 1


def _length(frame: bytes | bytearray, start: int, limit: int) -> int:
    """Bytes of the segment behind a marker, its own length of two included. Raises BadInput."""
    length = int.from_bytes(frame[start : start + 2], "big")
    if length < 2 or start + length > limit:
        raise BadInput("unreadable")
    return length


def _kept(marker: int, payload: bytes) -> bytes | None:
    """What of a segment stays: all that decoding needs, of application segments only what tells the colours."""
    if not APPLICATION_0 <= marker <= APPLICATION_0 + 15:
        return payload if marker in SEGMENTS else None
    number = marker - APPLICATION_0
    if number == 0 and payload[:5] == b"JFIF\x00" and len(payload) >= 14:
        return payload[:12] + b"\x00\x00"  # without its thumbnail
    if number == 2 and payload[:12] == b"ICC_PROFILE\x00":
        return payload
    if number == 8 and payload[:6] == b"SPIFF\x00":
        return payload[:30]
    if number == 8 and payload == SPIFF_END:
        return payload
    if number == 8 and payload[:4] == b"mrfx":
        return payload[:5]
    if number == 14 and payload[:5] == b"Adobe" and len(payload) >= 12:
        return payload[:12]
    return None


def blank_comments(frame: bytes) -> tuple[bytes, int]:
    """A JPEG 2000 codestream, bare or in JP2 boxes, with its comments blanked; how many held something."""
    out = bytearray(frame)
    if frame[:12] == SIGNATURE:
        found = _blank_boxes(out, 0, len(out))
        return bytes(out), found
    if frame[:2] != b"\xff\x4f":
        raise BadInput("unreadable")
    end, found = _blank_codestream(out, 0, len(out))
    found += bool(out[end:].strip(b"\x00"))
    return bytes(out[:end]), found


def _blank_boxes(out: bytearray, position: int, limit: int) -> int:
    """Blank boxes that only speak, what stands behind the last one, and the comments of the codestream; how many.

    Raises BadInput.
    """
    found = 0
    while position + 8 <= limit:
        length, header = int.from_bytes(out[position : position + 4], "big"), 8
        kind = bytes(out[position + 4 : position + 8])
        if length == 1:
            length, header = int.from_bytes(out[position + 8 : position + 16], "big"), 16
        end = limit if length == 0 else position + length
        if not position + header <= end <= limit:
            raise BadInput("unreadable")
        if kind == b"jp2h":
            found += _blank_boxes(out, position + header, end)
        elif kind == b"jp2c":
            stop, comments = _blank_codestream(out, position + header, end)
            found += comments + _blank(out, stop, end)
        elif kind not in DECODING_BOXES:
            out[position + 4 : position + 8] = b"free"
            found += _blank(out, position + header, end)
        position = end
    return found + _blank(out, position, limit)


def _blank(out: bytearray, start: int, end: int) -> bool:
    """Whether anything was there."""
    has_content = bool(out[start:end].strip(b"\x00"))
    out[start:end] = bytes(end - start)
    return has_content


def _blank_codestream(out: bytearray, position: int, limit: int) -> tuple[int, int]:
    """(Where the codestream ends, how many comments were blanked) in `out`, from SOC on. Raises BadInput."""
    position, found, tile_end = position + 2, 0, limit
    while position + 2 <= limit and out[position] == 0xFF:
        marker, start = out[position + 1], position + 2
        if marker == CODESTREAM_END:
            return start, found
        if marker == TILE_DATA:
            position = tile_end
            continue
        end = start + _length(out, start, limit)
        if marker == TILE_PART:
            size = int.from_bytes(out[start + 4 : start + 8], "big")
            tile_end = position + size if size else _first_end(out, end, limit)
            if not end <= tile_end <= limit:
                raise BadInput("unreadable")
        elif marker == CODESTREAM_COMMENT and out[start + 4 : end].strip(b" "):
            found += 1
            out[start + 4 : end] = b" " * (end - start - 4)
        position = end
    return position, found


def _first_end(out: bytearray, start: int, limit: int) -> int:
    """Where the last tile-part ends that does not say so: its packets hold no such marker (ISO/IEC 15444-1, B.10.1)."""
    found = out.find(b"\xff\xd9", start, limit)
    return found if found >= 0 else limit


def strip_packed(frame: bytes, *, segments: int, size: int) -> tuple[bytes, int]:
    """An RLE frame with `segments` byte planes of `size` bytes each, without what yields no pixel; whether any went."""
    if len(frame) < RLE_HEADER:
        raise BadInput("fewer_pixels")
    count, *starts = unpack_from("<16I", frame)
    if count != segments or not 0 < count < 16:
        raise BadInput("unreadable")
    bounds = [*starts[:count], len(frame)]
    offsets, body = [], bytearray()
    for start, end in pairwise(bounds):
        if not RLE_HEADER <= start <= end <= len(frame):
            raise BadInput("unreadable")
        offsets.append(RLE_HEADER + len(body))
        plane = frame[start : start + packed_length(frame[start:end], size)]
        body += plane + b"\x00" * (len(plane) % 2)
    made = pack("<16I", count, *offsets, *[0] * (15 - count)) + bytes(body)
    return made, int(made.rstrip(b"\x00") != frame.rstrip(b"\x00"))


def packed_length(plane: bytes, size: int) -> int:
    """How many bytes of PackBits yield `size` bytes (PS3.5, G.3.1). Raises BadInput("fewer_pixels")."""
    position, produced, length = 0, 0, len(plane)
    while produced < size and position < length:
        head = plane[position]
        if head < 128:
            position, produced = position + head + 2, produced + head + 1
        elif head > 128:
            position, produced = position + 2, produced + 257 - head
        else:
            position += 1
    if produced < size or position > length:
        raise BadInput("fewer_pixels")
    return position
