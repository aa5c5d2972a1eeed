"""Look into a zip file without trusting it: count, sizes, names first, then one member at a time. Runs in the cage."""

from __future__ import annotations

import os
import zipfile
from typing import Any

from media_pipeline.cage.input import BadInput
from media_pipeline.uploads.limits import LARGEST_MEMBER, LARGEST_SUM, MOST_MEMBERS

CHUNK = 2**20


def list_members(files: list[int], _blobs: list[bytes]) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Index, name and size in bytes of every file in the archive. Raises BadInput."""
    with _open(files[0]) as archive:
        entries = [(index, entry) for index, entry in enumerate(archive.infolist()) if not _is_noise(entry)]
        if len(entries) > MOST_MEMBERS:
            raise BadInput("too_many_members")
        if sum(entry.file_size for _index, entry in entries) > LARGEST_SUM:
            raise BadInput("archive_too_large")
        if any(entry.flag_bits & 1 for _index, entry in entries):
            raise BadInput("not_an_archive")
        return [{"index": index, "name": _name(entry), "size": entry.file_size} for index, entry in entries], []


def unpack_member(files: list[int], _blobs: list[bytes], *, index: int) -> tuple[int, list[bytes]]:
    """Write member `index` of the first descriptor to the second; its size in bytes. Raises BadInput.

    The declared size is not trusted: what comes out is counted.
    """
    with _open(files[0]) as archive, os.fdopen(os.dup(files[1]), "wb") as out:
        written = 0
        try:
            with archive.open(archive.infolist()[index]) as member:
                while part := member.read(CHUNK):
                    written += len(part)
                    if written > LARGEST_MEMBER:
                        raise BadInput("archive_too_large")
                    out.write(part)
        except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
            raise BadInput("not_an_archive") from error
    return written, []


def _open(descriptor: int) -> zipfile.ZipFile:
    file = os.fdopen(os.dup(descriptor), "rb")
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, EOFError) as error:
        raise BadInput("not_an_archive") from error


def _is_noise(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what file managers and DICOM media leave beside the images."""
    base = entry.filename.rsplit("/", 1)[-1]
    return entry.is_dir() or base.startswith(".") or base == "DICOMDIR" or entry.filename.startswith("__MACOSX/")


def _name(entry: zipfile.ZipInfo) -> str:
    return entry.filename.encode("utf-8", "replace").decode()[-200:]
