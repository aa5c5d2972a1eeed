"""Drop what compressed frames carry beside the picture. Runs in the cage; the pixels stay bit for bit what they are.

JPEG (ISO/IEC 10918-1) and JPEG-LS (ISO/IEC 14495-1) are rows of segments: comments, applications' own segments and
whatever stands behind the end of the image go, but for those that tell a decoder what the colours mean. JPEG 2000
(ISO/IEC 15444-1) counts the bytes of its tile-parts, so comments are blanked where they stand.
"""

from __future__ import annotations

import re

from pydicom import Dataset
from pydicom.encaps import encapsulate, generate_frames

from media_pipeline.cage.input import BadInput

SYNTAX = "1.2.840.10008.1.2.4."
JPEG = frozenset(f"{SYNTAX}{last}" for last in (50, 51, 57, 70))
JPEG_LS = frozenset(f"{SYNTAX}{last}" for last in (80, 81))
JPEG_2000 = frozenset(f"{SYNTAX}{last}" for last in (90, 91, 92, 93, 201, 202, 203))

SOI, EOI, SOS, COMMENT, APPLICATION_0 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE0
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
#: Where scan data ends: a stuffed byte and a restart marker belong to it.
SCAN_END = re.compile(rb"\xff+[\xc0-\xcf\xd8-\xfe]", re.DOTALL)
SPIFF_END = b"\x00\x00\x00\x01\xff\xd8"

CODESTREAM, TILE_PART, TILE_DATA, CODESTREAM_END, CODESTREAM_COMMENT = 0x4F, 0x90, 0x93, 0xD9, 0x64
SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
#: Boxes of a JP2 file that say nothing about how the picture is decoded.
SPEAKING_BOXES = frozenset({b"xml ", b"uuid", b"uinf", b"asoc", b"nlst", b"lbl ", b"jp2i"})


def strip_frames(dataset: Dataset) -> int:
    """Take comments and the like out of every compressed frame; how many there were. Raises BadInput."""
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    strip = strip_segments if syntax in JPEG | JPEG_LS else blank_comments if syntax in JPEG_2000 else None
    if strip is None:
        return 0
    count = max(1, int(dataset.get("NumberOfFrames") or 1))
    done = [strip(frame) for frame in generate_frames(dataset.PixelData, number_of_frames=count)]
    found = sum(number for _frame, number in done)
    if found:
        dataset.PixelData = encapsulate([frame for frame, _number in done])
        for name in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
            if name in dataset:
                del dataset[name]
    return found


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
    if marker == COMMENT:
        return None
    if not APPLICATION_0 <= marker <= APPLICATION_0 + 15:
        return payload
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
        found = _blank_boxes(out)
        return bytes(out), found
    if frame[:2] != b"\xff\x4f":
        raise BadInput("unreadable")
    end, found = _blank_codestream(out, 0, len(out))
    found += bool(out[end:].strip(b"\x00"))
    return bytes(out[:end]), found


def _blank_boxes(out: bytearray) -> int:
    """Blank boxes that only speak, and the comments of the codestream; how many. Raises BadInput."""
    position, found = 0, 0
    while position + 8 <= len(out):
        length, header = int.from_bytes(out[position : position + 4], "big"), 8
        kind = bytes(out[position + 4 : position + 8])
        if length == 1:
            length, header = int.from_bytes(out[position + 8 : position + 16], "big"), 16
        end = len(out) if length == 0 else position + length
        if not position + header <= end <= len(out):
            raise BadInput("unreadable")
        if kind in SPEAKING_BOXES:
            found += 1
            out[position + 4 : position + 8] = b"free"
            out[position + header : end] = bytes(end - position - header)
        elif kind == b"jp2c":
            found += _blank_codestream(out, position + header, end)[1]
        position = end
    return found


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
            tile_end = position + size if size else _last_end(out, limit)
            if not end <= tile_end <= limit:
                raise BadInput("unreadable")
        elif marker == CODESTREAM_COMMENT and out[start + 4 : end].strip(b" "):
            found += 1
            out[start + 4 : end] = b" " * (end - start - 4)
        position = end
    return limit, found


def _last_end(out: bytearray, limit: int) -> int:
    """Where the last tile-part ends that does not say so: at the end of the codestream."""
    found = out.rfind(b"\xff\xd9", 0, limit)
    return found if found >= 0 else limit
