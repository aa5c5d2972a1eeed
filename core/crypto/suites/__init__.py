"""Cipher suites as data: one row here and one module beside it make a new suite.

A suite's number stands in the header of every ciphertext, so a number is never used again for something else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from core.crypto.errors import KeyMissing


class Suite(Protocol):
    """What a suite's module offers. Keys are `KEY_BYTES` long, nonces `NONCE_BYTES`; an AEAD appends `TAG_BYTES`."""

    KEY_BYTES: int
    NONCE_BYTES: int
    TAG_BYTES: int

    new_digest: Callable[..., Any]
    """A hash object with `update`, `digest` and `hexdigest`."""

    def seal(self, key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes: ...

    def unseal(self, key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
        """Raises Tampered."""
        ...

    def mac(self, key: bytes, message: bytes) -> bytes: ...

    def derive(self, secret: bytes, salt: bytes, info: bytes, length: int) -> bytes: ...

    def public_key(self, seed: bytes) -> bytes: ...

    def sign(self, seed: bytes, message: bytes) -> bytes: ...

    def verify(self, public_key: bytes, message: bytes, signature: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class SuiteEntry:
    number: int
    name: str
    module: str

    def load(self) -> Suite:
        return cast(Suite, import_module(self.module))


SUITES = (SuiteEntry(1, "international", "core.crypto.suites.international"),)


@cache
def entry_named(name: str) -> SuiteEntry:
    """Raises KeyMissing when no such suite is installed."""
    for entry in SUITES:
        if entry.name == name:
            return entry
    raise KeyMissing


@cache
def entry_numbered(number: int) -> SuiteEntry:
    """Raises KeyMissing when no such suite is installed."""
    for entry in SUITES:
        if entry.number == number:
            return entry
    raise KeyMissing
