"""Root keys on disk and the subkeys made from them.

`settings.XINGLIN_KEYS_DIR` holds one JSON file for each root key, `<suite>-<sequence>.key`, mode 0600. `create` makes
the first and `rotate` another, only by a command: an unmounted folder must not look like a new one. The one with the
highest sequence encrypts, every one decrypts. A file is written under a temporary name and linked to its own, so that
of two processes exactly one makes the key and nobody reads half of it.

A key's id is derived from the key itself: a folder of another installation is seen as KeyMissing, not as Tampered.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import secrets
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from core.crypto.errors import KeyMissing
from core.crypto.suites import SuiteEntry, entry_named

ROOT_BYTES = 32
ID_BYTES = 4
_FILE = re.compile(r"^(?P<suite>[a-z]+)-(?P<sequence>\d{4})\.key$")


@dataclass(frozen=True, slots=True)
class RootKey:
    """`key_id` is eight hexadecimal digits."""

    suite: SuiteEntry
    sequence: int
    key_id: str
    secret: bytes = field(repr=False)

    def subkey(self, purpose: str) -> bytes:
        """The key for one purpose only (HKDF, RFC 5869, with the purpose as info)."""
        return _derive(self.suite, self.secret, f"xinglin/{purpose}".encode(), self.suite.load().KEY_BYTES)

    def signing_seed(self, purpose: str) -> bytes:
        return _derive(self.suite, self.secret, f"xinglin-sign/{purpose}".encode(), 32)


@lru_cache(maxsize=256)
def _derive(suite: SuiteEntry, secret: bytes, info: bytes, length: int) -> bytes:
    return suite.load().derive(secret, b"", info, length)


def fingerprint(suite: SuiteEntry, secret: bytes) -> bytes:
    """Names a key without telling anything of it."""
    return suite.load().derive(secret, b"", b"xinglin/key-id", ID_BYTES)


class Keyring:
    """The root keys of one folder. Looks at the folder again when it changed, so a rotation needs no restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._seen: int | None = None
        self._keys: tuple[RootKey, ...] = ()

    def current(self) -> RootKey:
        """The newest key of the suite that the settings choose. Raises KeyMissing when there is none."""
        newest = self.newest()
        if newest is None:
            raise KeyMissing
        return newest

    def newest(self) -> RootKey | None:
        """As `current`, or None."""
        suite = entry_named(settings.XINGLIN_CRYPTO_SUITE)
        return next((key for key in self.all() if key.suite == suite), None)

    def create(self) -> RootKey:
        """The first key; one that is here stays. Two processes that ask at once get the same."""
        if self.newest() is None:
            self._create(entry_named(settings.XINGLIN_CRYPTO_SUITE), 1)
        return self.current()

    def rotate(self) -> RootKey:
        """Add a root key; from now on it encrypts. Old ciphertexts stay readable."""
        held = self.current()
        self._create(held.suite, held.sequence + 1)
        return self.current()

    def named(self, key_id: str) -> RootKey:
        """Raises KeyMissing."""
        for look_again in (False, True):
            if look_again:
                self._forget()  # the folder's time stamp is coarser than two rotations in one instant
            for key in self.all():
                if key.key_id == key_id:
                    return key
        raise KeyMissing

    def all(self) -> tuple[RootKey, ...]:
        """Every key, newest first within its suite."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return ()
        with self._lock:
            if changed != self._seen:
                self._keys = tuple(self._read())
                self._seen = changed
            return self._keys

    def _read(self) -> list[RootKey]:
        keys = []
        for path in sorted(self.folder.iterdir(), reverse=True):
            if match := _FILE.match(path.name):
                suite = entry_named(match["suite"])
                secret = base64.b64decode(json.loads(path.read_text())["key"])
                keys.append(RootKey(suite, int(match["sequence"]), fingerprint(suite, secret).hex(), secret))
        return keys

    def _create(self, suite: SuiteEntry, sequence: int) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self.folder / f"{suite.name}-{sequence:04d}.key"
        draft = self.folder / f".{target.name}.{secrets.token_hex(6)}"
        content = json.dumps({"suite": suite.name, "key": base64.b64encode(secrets.token_bytes(ROOT_BYTES)).decode()})
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first: its key is the key
                target.hardlink_to(draft)
        finally:
            draft.unlink()
        self._forget()

    def _forget(self) -> None:
        with self._lock:
            self._seen = None


@lru_cache(maxsize=8)
def _ring(folder: str) -> Keyring:
    return Keyring(Path(folder))


def keyring() -> Keyring:
    """The keyring of `settings.XINGLIN_KEYS_DIR`."""
    return _ring(str(settings.XINGLIN_KEYS_DIR))
