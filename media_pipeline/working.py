"""Folders for work that needs names on a disk, in the data folder: what a killed worker leaves is found and removed.

An encoder reads its key from a file, so that for a while the key lies beside the segments in plain. A folder is
locked for as long as its process lives (flock(2): the kernel lets go, whatever ends the process), so that a sweep, by
whichever worker, takes only what nobody works in. Making and sweeping take turns by a lock on the folder above.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

FOLDER_MODE = 0o700


@contextlib.contextmanager
def working_folder() -> Iterator[Path]:
    """An empty folder that only this user reads, gone at the end. What the dead have left goes first."""
    sweep()
    with _turn() as root:
        place = root / secrets.token_hex(8)
        place.mkdir(mode=FOLDER_MODE)
        held = _opened(place)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(held)


def sweep() -> int:
    """Remove the folders in which nobody works any more; how many."""
    removed = 0
    with _turn() as root:
        for place in filter(Path.is_dir, root.iterdir()):
            try:
                descriptor = _opened(place)
            except FileNotFoundError:  # its own process has just ended
                continue
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            else:
                shutil.rmtree(place, ignore_errors=True)
                removed += 1
            finally:
                os.close(descriptor)
    return removed


@contextlib.contextmanager
def _turn() -> Iterator[Path]:
    root = Path(settings.DATA_DIR) / "work"
    root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    descriptor = _opened(root)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield root
    finally:
        os.close(descriptor)


def _opened(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
