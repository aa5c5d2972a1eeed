"""The two stores of images and how a file of theirs becomes a descriptor for the cage.

Every file here is unbuffered: a cage shares the descriptor's offset, and a buffer would not notice that it has moved.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import Storage, storages

CHUNK = 2**20
FILE_MODE, FOLDER_MODE = 0o600, 0o700  # images name people: nobody but this user reads them
PARTIAL = ".part"


def identified() -> Storage:
    return storages["identified"]


def teaching() -> Storage:
    return storages["teaching"]


def put(store: Storage, name: str, source: BinaryIO) -> None:
    """Write `source` from its start under exactly this name, replacing what was there.

    The name appears with the whole content or not at all: a crash or a full disk leaves no shortened file behind it.
    """
    source.seek(0)
    try:
        path = Path(store.path(name))
    except NotImplementedError:  # an object store shows a name once its upload is complete
        if store.exists(name):
            store.delete(name)
        stored = store.save(name, File(source, name=name))
        if stored != name:  # another writer was between the two lines: same name means same content here
            store.delete(stored)
        return
    _put_in_folder(path, source)


def _put_in_folder(path: Path, source: BinaryIO) -> None:
    """Written beside its place, flushed to the disk, then renamed (rename(2) replaces in one step)."""
    _make_folder(path.parent)
    partial = path.with_name(f".{secrets.token_hex(8)}{PARTIAL}")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
        with os.fdopen(descriptor, "wb") as out:
            shutil.copyfileobj(source, out, CHUNK)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    """With every missing parent, for this user only (mkdir's own `parents` would give those the default mode)."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_by_content(store: Storage, source: BinaryIO, sha256: str) -> str:
    """Store under a name made of the content's hash; equal content is stored once. Returns the name.

    A file of another size under that name is damaged: it is written again.
    """
    name = f"objects/{sha256[:2]}/{sha256[2:4]}/{sha256}.dcm"
    if not (store.exists(name) and store.size(name) == source.seek(0, os.SEEK_END)):
        put(store, name, source)
    return name


def folders(store: Storage, folder: str) -> list[str]:
    """Names of the folders in `folder`, from the store's root; none when it is not there."""
    try:
        return [f"{folder}/{name}" for name in store.listdir(folder)[0]]
    except FileNotFoundError:
        return []


def remove_folder(store: Storage, folder: str) -> int:
    """Remove everything below `folder`; how many files. A folder that is not there counts none."""
    try:
        names = store.listdir(folder)[1]
    except FileNotFoundError:
        return 0
    for name in names:
        store.delete(f"{folder}/{name}")
    removed = len(names) + sum(remove_folder(store, inner) for inner in folders(store, folder))
    with contextlib.suppress(OSError):  # somebody is writing into it: whoever that is tidies up in turn
        store.delete(folder)
    return removed


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
