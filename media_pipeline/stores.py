"""The two stores of images and how a file of theirs becomes a descriptor for the cage.

Every file here is unbuffered: a cage shares the descriptor's offset, and a buffer would not notice that it has moved.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import Storage, storages

CHUNK = 2**20


def identified() -> Storage:
    return storages["identified"]


def teaching() -> Storage:
    return storages["teaching"]


def put(store: Storage, name: str, source: BinaryIO) -> None:
    """Write `source` from its start under exactly this name, replacing what was there."""
    source.seek(0)
    if store.exists(name):
        store.delete(name)
    stored = store.save(name, File(source, name=name))
    if stored != name:  # another writer was between the two lines: same name means same content here
        store.delete(stored)


def put_by_content(store: Storage, source: BinaryIO, sha256: str) -> str:
    """Store under a name made of the content's hash; equal content is stored once. Returns the name."""
    name = f"objects/{sha256[:2]}/{sha256[2:4]}/{sha256}.dcm"
    if not store.exists(name):
        put(store, name, source)
    return name


def sha256_of(source: BinaryIO) -> tuple[str, int]:
    """(Hexadecimal SHA-256, size in bytes) of a file from its start."""
    source.seek(0)
    state, size = hashlib.sha256(), 0
    while part := source.read(CHUNK):
        state.update(part)
        size += len(part)
    return state.hexdigest(), size


@contextlib.contextmanager
def opened(store: Storage, name: str) -> Iterator[BinaryIO]:
    """A real file (with a descriptor) of what lies under `name`; a remote store's is copied first.

    Raises FileNotFoundError.
    """
    try:
        path = store.path(name)
    except NotImplementedError:
        with store.open(name, "rb") as file, scratch() as copy:
            shutil.copyfileobj(file, copy, CHUNK)
            copy.seek(0)
            yield copy
        return
    with Path(path).open("rb", buffering=0) as raw:
        yield cast(BinaryIO, raw)


@contextlib.contextmanager
def scratch() -> Iterator[BinaryIO]:
    """A nameless temporary file; it never appears in a folder listing."""
    with tempfile.TemporaryFile(buffering=0) as file:
        yield cast(BinaryIO, file)


@contextlib.contextmanager
def in_memory() -> Iterator[BinaryIO]:
    """A file in memory with a descriptor, for plaintext that must not touch a disk."""
    with os.fdopen(os.memfd_create("xinglin", os.MFD_CLOEXEC), "w+b", buffering=0) as file:
        yield cast(BinaryIO, file)
