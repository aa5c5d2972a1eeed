"""Files sealed with a data key: chunked, seekable, with truncation and reordering detected.

Layout, integers big-endian:

    magic "XLS1" | suite number (1) | data key's id (4) | salt (16) | chunk size (4) | plaintext length (8)   = 37 bytes
    chunk 0 | chunk 1 | ... each: AEAD output of at most `chunk size` plaintext bytes, tag included

The file's own key is HKDF(data key, salt), so that many files may share a data key. A chunk's nonce is its number
(eleven bytes) and one byte that is 1 for the last chunk: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár
2015). The whole header and the caller's context are authenticated with every chunk. An empty file has one empty chunk.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.conf import settings

from core.crypto.errors import KeyMissing, Tampered
from core.crypto.keyring import ID_BYTES, fingerprint
from core.crypto.suites import Suite, SuiteEntry, entry_named, entry_numbered

MAGIC = b"XLS1"
CHUNK_BYTES = 64 * 1024
SALT_BYTES = 16
HEADER_BYTES = len(MAGIC) + 1 + ID_BYTES + SALT_BYTES + 4 + 8
LARGEST_CHUNK = 16 * 2**20


@dataclass(frozen=True, slots=True)
class _Header:
    entry: SuiteEntry
    key_id: bytes
    salt: bytes
    chunk: int
    length: int

    def packed(self) -> bytes:
        sizes = self.chunk.to_bytes(4, "big") + self.length.to_bytes(8, "big")
        return MAGIC + bytes((self.entry.number,)) + self.key_id + self.salt + sizes

    @classmethod
    def parse(cls, data: bytes) -> _Header:
        if len(data) != HEADER_BYTES or data[:4] != MAGIC:
            raise Tampered
        chunk, length = int.from_bytes(data[25:29], "big"), int.from_bytes(data[29:37], "big")
        if not 0 < chunk <= LARGEST_CHUNK:
            raise Tampered
        return cls(entry_numbered(data[4]), data[5:9], data[9:25], chunk, length)

    @property
    def last(self) -> int:
        """The number of the last chunk."""
        return max(self.length - 1, 0) // self.chunk

    def sealed_length(self) -> int:
        return HEADER_BYTES + self.length + (self.last + 1) * self.entry.load().TAG_BYTES


class _Chunks:
    """The file's own key and how a chunk is bound to its place."""

    def __init__(self, header: _Header, data_key: bytes, context: bytes) -> None:
        self.header = header
        self.suite: Suite = header.entry.load()
        self._key = self.suite.derive(data_key, header.salt, b"xinglin/sealed-file", self.suite.KEY_BYTES)
        self._associated = header.packed() + context

    def seal(self, number: int, plaintext: bytes) -> bytes:
        return self.suite.seal(self._key, self._nonce(number), plaintext, self._associated)

    def unseal(self, number: int, sealed: bytes) -> bytes:
        return self.suite.unseal(self._key, self._nonce(number), sealed, self._associated)

    def _nonce(self, number: int) -> bytes:
        return number.to_bytes(self.suite.NONCE_BYTES - 1, "big") + bytes((number == self.header.last,))


def seal_stream(source: BinaryIO, target: BinaryIO, *, data_key: bytes, length: int, context: bytes = b"") -> int:
    """Read `length` bytes from `source` and write them sealed to `target`; returns the bytes written.

    Raises ValueError when the source holds fewer or more: the length is authenticated with every chunk.
    """
    entry = entry_named(settings.XINGLIN_CRYPTO_SUITE)
    salt = secrets.token_bytes(SALT_BYTES)
    header = _Header(entry, fingerprint(entry, data_key), salt, CHUNK_BYTES, length)
    chunks = _Chunks(header, data_key, context)
    written = target.write(header.packed())
    for number in range(header.last + 1):
        expected = min(CHUNK_BYTES, length - number * CHUNK_BYTES)
        plaintext = _read_exactly(source, expected)
        if len(plaintext) != expected:
            raise ValueError(f"source is shorter than the {length} bytes announced")
        written += target.write(chunks.seal(number, plaintext))
    if source.read(1):
        raise ValueError(f"source is longer than the {length} bytes announced")
    return written


def seal_bytes(plaintext: bytes, *, data_key: bytes, context: bytes = b"") -> bytes:
    """The sealed file of a value that is in memory already."""
    target = io.BytesIO()
    seal_stream(io.BytesIO(plaintext), target, data_key=data_key, length=len(plaintext), context=context)
    return target.getvalue()


class SealedFile:
    """Random access to a sealed, seekable file. Nothing is returned that was not authenticated.

    Raises Tampered when it is cut, extended or no sealed file; KeyMissing when another data key sealed it.
    """

    def __init__(self, file: BinaryIO, *, data_key: bytes, context: bytes = b"") -> None:
        self._file = file
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self._header = _Header.parse(_read_exactly(file, HEADER_BYTES))
        if fingerprint(self._header.entry, data_key) != self._header.key_id:
            raise KeyMissing
        if size != self._header.sealed_length():
            raise Tampered
        self._chunks = _Chunks(self._header, data_key, context)

    @property
    def length(self) -> int:
        """Of the plaintext, in bytes. Authenticated as soon as one chunk has been read."""
        return self._header.length

    def chunk(self, number: int) -> bytes:
        sealed_size = self._header.chunk + self._chunks.suite.TAG_BYTES
        self._file.seek(HEADER_BYTES + number * sealed_size)
        return self._chunks.unseal(number, _read_exactly(self._file, sealed_size))

    def read(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The plaintext from `start`, in pieces of at most one chunk; beyond the end there is nothing.

        Raises ValueError for a negative start or length.
        """
        if start < 0 or (length is not None and length < 0):
            raise ValueError("a range starts and extends forwards")
        end = self.length if length is None else min(self.length, start + length)
        if self.length == 0:
            self.chunk(0)  # authenticates that it is empty
        position = start
        while position < end:
            number, offset = divmod(position, self._header.chunk)
            piece = self.chunk(number)[offset : offset + end - position]
            position += len(piece)
            yield piece


def open_range(
    file: BinaryIO, *, data_key: bytes, start: int = 0, length: int | None = None, context: bytes = b""
) -> Iterator[bytes]:
    """The plaintext bytes from `start` on. The header is checked before the first piece is asked for."""
    return SealedFile(file, data_key=data_key, context=context).read(start, length)


def open_stream(file: BinaryIO, *, data_key: bytes, context: bytes = b"") -> Iterator[bytes]:
    """The whole plaintext, in pieces."""
    return open_range(file, data_key=data_key, context=context)


def open_bytes(sealed: bytes, *, data_key: bytes, context: bytes = b"") -> bytes:
    """The whole plaintext of a small file."""
    return b"".join(open_stream(cast(BinaryIO, io.BytesIO(sealed)), data_key=data_key, context=context))


def _read_exactly(file: BinaryIO, size: int) -> bytes:
    """At most `size` bytes; fewer only at the end, even where a raw stream returns short reads."""
    parts: list[bytes] = []
    missing = size
    while missing > 0:
        part = file.read(missing)
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
