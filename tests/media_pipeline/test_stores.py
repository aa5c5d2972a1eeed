"""A file of the stores is whole or absent, and readable by nobody else."""

from __future__ import annotations

import errno
import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from media_pipeline import stores


class FullDisk(io.BytesIO):
    """Gives its first bytes, then the disk is full."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().read(4)


@pytest.fixture
def store(tmp_path: Path) -> FileSystemStorage:
    return FileSystemStorage(location=tmp_path)


def test_a_write_that_fails_leaves_nothing_behind_and_keeps_what_was_there(store, tmp_path):
    with pytest.raises(OSError, match="No space"):
        stores.put(store, "a/b", FullDisk(b"12345678"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    stores.put(store, "a/b", io.BytesIO(b"earlier"))
    with pytest.raises(OSError, match="No space"):
        stores.put(store, "a/b", FullDisk(b"12345678"))

    assert (tmp_path / "a/b").read_bytes() == b"earlier"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["b"]


def test_a_shortened_object_under_its_hash_is_written_again(store):
    content = b"sound image"
    sha256 = hashlib.sha256(content).hexdigest()
    name = store.save(f"objects/{sha256[:2]}/{sha256[2:4]}/{sha256}.dcm", ContentFile(b"sound"))

    assert stores.put_by_content(store, io.BytesIO(content), sha256) == name
    assert Path(store.path(name)).read_bytes() == content


def test_equal_content_is_stored_once(store):
    content = b"sound image"
    sha256 = hashlib.sha256(content).hexdigest()
    first = stores.put_by_content(store, io.BytesIO(content), sha256)
    inode = Path(store.path(first)).stat().st_ino

    assert stores.put_by_content(store, io.BytesIO(content), sha256) == first
    assert Path(store.path(first)).stat().st_ino == inode


def test_only_this_user_reads_what_is_stored(store, tmp_path):
    stores.put(store, "objects/aa/x.dcm", io.BytesIO(b"x"))

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert modes == {"objects": 0o700, "aa": 0o700, "x.dcm": 0o600}
