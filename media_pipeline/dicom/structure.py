"""Check the skeleton of a data set before any library reads it (PS3.5, section 7).

pydicom trusts declared lengths, recurses as deep as the file says and inflates without a limit. This walk touches tags
and lengths only, so it is cheap, and every rule it enforces has a named reason.
"""

from __future__ import annotations

import struct
import zlib
from typing import Protocol

from pydicom.datadict import dictionary_VR
from pydicom.uid import UID

from media_pipeline.cage.input import BadInput

DEEPEST = 32
MOST_ELEMENTS = 500_000
LARGEST_INFLATED = 512 * 2**20
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
LONG_FORM = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})


class Bytes(Protocol):
    def __len__(self) -> int: ...
    def __getitem__(self, key: slice) -> bytes: ...


def check_structure(data: Bytes, start: int, syntax: UID) -> None:
    """Walk the data set that begins at `start`. Raises BadInput."""
    Walk(data, is_implicit=syntax.is_implicit_VR, is_little=syntax.is_little_endian).elements(start, len(data), 0)


def read_file_meta(data: Bytes, start: int) -> tuple[str, int]:
    """(Transfer syntax UID, where the data set begins): group 0002 is explicit VR little endian (PS3.10, 7.1)."""
    walk, position, syntax = Walk(data, is_implicit=False, is_little=True), start, ""
    while position < len(data):
        tag = walk.tag_at(position, len(data))
        if tag >> 16 != 0x0002:
            break
        _vr, length, body = walk.head(position, len(data))
        if length > len(data) - body:
            raise BadInput("truncated")
        if tag == 0x00020010:
            syntax = bytes(data[body : body + length]).rstrip(b" \x00").decode("ascii", "replace")
        position = body + length
    return syntax, position


def inflate(compressed: bytes) -> bytes:
    """The body of a deflated data set (PS3.5, A.5), refused beyond LARGEST_INFLATED bytes."""
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = machine.decompress(compressed, LARGEST_INFLATED)
    except zlib.error as error:
        raise BadInput("unreadable") from error
    if machine.unconsumed_tail:
        raise BadInput("inflates_too_much")
    if not machine.eof:
        raise BadInput("truncated")
    return data


class Walk:
    """One pass over one data set. The position is a byte offset; every method returns where the next thing begins."""

    def __init__(self, data: Bytes, *, is_implicit: bool, is_little: bool) -> None:
        self.data = data
        self.is_implicit = is_implicit
        order = "<" if is_little else ">"
        self._tag = struct.Struct(order + "HH")
        self._long = struct.Struct(order + "I")
        self._short = struct.Struct(order + "H")
        self.count = 0

    def elements(self, position: int, end: int, depth: int, *, until_delimiter: bool = False) -> int:
        while position < end:
            tag = self.tag_at(position, end)
            if tag == ITEM_END and until_delimiter:
                return position + 8
            position = self._element(tag, position, end, depth)
        if until_delimiter:
            raise BadInput("truncated")
        return position

    def _element(self, tag: int, position: int, end: int, depth: int) -> int:
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise BadInput("too_many_elements")
        vr, length, body = self.head(position, end)
        if length == UNDEFINED:
            if vr in (b"OB", b"OW") or tag == 0x7FE00010:
                return self._fragments(body, end)
            return self._nested(vr).items(body, end, depth + 1, is_open=True)
        if length > end - body:
            raise BadInput("element_too_long" if length > len(self.data) else "truncated")
        if self._is_sequence(tag, vr):
            self.items(body, body + length, depth + 1, is_open=False)
        return body + length

    def items(self, position: int, end: int, depth: int, *, is_open: bool) -> int:
        if depth > DEEPEST:
            raise BadInput("too_deep")
        while is_open or position < end:
            tag = self.tag_at(position, end)
            length = self._long.unpack(self.data[position + 4 : position + 8])[0]
            position += 8
            if tag == SEQUENCE_END and is_open:
                return position
            if tag != ITEM:
                raise BadInput("unreadable")
            if length == UNDEFINED:
                position = self.elements(position, end, depth, until_delimiter=True)
            elif length > end - position:
                raise BadInput("truncated")
            else:
                position = self.elements(position, position + length, depth)
        return position

    def _fragments(self, position: int, end: int) -> int:
        """Encapsulated pixel data (PS3.5, A.4): items of bytes up to the delimiter."""
        while True:
            tag = self.tag_at(position, end)
            length = self._long.unpack(self.data[position + 4 : position + 8])[0]
            position += 8
            if tag == SEQUENCE_END:
                return position
            if tag != ITEM:
                raise BadInput("unreadable")
            if length > end - position:
                raise BadInput("truncated")
            position += length

    def tag_at(self, position: int, end: int) -> int:
        if end - position < 8:
            raise BadInput("truncated")
        group, element = self._tag.unpack(self.data[position : position + 4])
        return (int(group) << 16) | int(element)

    def head(self, position: int, end: int) -> tuple[bytes, int, int]:
        """(VR or b"", length, where the value begins)."""
        vr = b"" if self.is_implicit else bytes(self.data[position + 4 : position + 6])
        if not (vr.isalpha() and vr.isupper()):  # some devices mix implicit elements into an explicit file
            return b"", self._long.unpack(self.data[position + 4 : position + 8])[0], position + 8
        if vr not in LONG_FORM:
            return vr, self._short.unpack(self.data[position + 6 : position + 8])[0], position + 8
        if end - position < 12:
            raise BadInput("truncated")
        return vr, self._long.unpack(self.data[position + 8 : position + 12])[0], position + 12

    def _nested(self, vr: bytes) -> Walk:
        """A sequence of unknown VR is implicit little endian inside (PS3.5, 6.2.2 note 4)."""
        if vr != b"UN":
            return self
        inner = Walk(self.data, is_implicit=True, is_little=True)
        inner.count = self.count
        return inner

    def _is_sequence(self, tag: int, vr: bytes) -> bool:
        if vr:
            return vr == b"SQ"
        try:
            return dictionary_VR(tag) == "SQ"
        except KeyError:
            return False
