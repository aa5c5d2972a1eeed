"""File locks: two starts at once neither spoil each other's set-up nor share one data folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.setup.folders import BUILD
from config.setup.halt import Halt


@contextmanager
def set_up_lock() -> Iterator[None]:
    """Wait until no other start is setting this checkout up."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("set-up: another start is at work in this checkout; waiting for it", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def hold_data_folder(data: Path) -> int:
    """Take the data folder for this process and return the descriptor that holds it.

    Raises Halt when another demo has it. The descriptor survives exec, so the launcher can hand it on.
    """
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Halt(
            f"Another demo is running on the data folder {data}. Stop it, or give this one its own with --data DIR."
        ) from None
    os.set_inheritable(descriptor, True)
    return descriptor
