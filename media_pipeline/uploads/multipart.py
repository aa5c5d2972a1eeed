"""Read multipart/related (RFC 2387) from a stream into temporary files, never more than a chunk in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO, Protocol

from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, TooLarge
from media_pipeline import stores

CHUNK = 256 * 1024
MOST_PARTS = 10_000
LARGEST_PART = 2048 * 2**20
BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})"?', re.IGNORECASE)


class BadMultipart(Invalid):
    code = "bad_multipart"
    message = _("The request is not multipart/related with a boundary, or it ends in the middle.")
    next_step = _("Send each object as one part with Content-Type application/dicom (PS3.18, 10.5).")


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def boundary_of(content_type: str) -> bytes:
    """Raises BadMultipart."""
    match = BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/related") or not match:
        raise BadMultipart
    return match[1].encode("latin-1", "replace")


def spool_parts(stream: Stream, boundary: bytes, stack: ExitStack) -> Iterator[BinaryIO]:
    """A temporary file for each part's body, at its start; `stack` closes them. Raises BadMultipart, TooLarge."""
    reader = Reader(stream)
    reader.skip_to(b"--" + boundary)
    for _number in range(MOST_PARTS):
        if reader.take(2) == b"--":
            return
        reader.skip_to(b"\r\n\r\n")
        file = stack.enter_context(stores.scratch())
        reader.copy_to(b"\r\n--" + boundary, file)
        file.seek(0)
        yield file
    raise TooLarge


class Reader:
    """A sliding window over the stream. Raises BadMultipart when what is sought does not come."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._buffer = b""

    def take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._more()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def skip_to(self, mark: bytes) -> None:
        """Go behind the next `mark`; at most one chunk may lie before it."""
        while (found := self._buffer.find(mark)) < 0:
            if len(self._buffer) > CHUNK:
                raise BadMultipart
            self._more()
        self._buffer = self._buffer[found + len(mark) :]

    def copy_to(self, mark: bytes, target: BinaryIO) -> None:
        """Copy up to `mark` and go behind it."""
        size = 0
        while (found := self._buffer.find(mark)) < 0:
            safe = max(0, len(self._buffer) - len(mark))
            size += target.write(self._buffer[:safe])
            if size > LARGEST_PART:
                raise TooLarge
            self._buffer = self._buffer[safe:]
            self._more()
        target.write(self._buffer[:found])
        self._buffer = self._buffer[found + len(mark) :]

    def _more(self) -> None:
        part = self._stream.read(CHUNK)
        if not part:
            raise BadMultipart
        self._buffer += part
