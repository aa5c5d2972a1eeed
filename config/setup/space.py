"""Room for the data folder, looked at before anything is written to it."""

from __future__ import annotations

import shutil
from pathlib import Path

from config.setup.halt import Halt

MEGABYTE = 2**20
FIRST_START = 200 * MEGABYTE  # the seeded province (40 MB), the database's and the broker's logs, a study for the story
LATER_START = 32 * MEGABYTE


def refuse_small_disk(data: Path) -> None:
    """Raises Halt when the disk under the data folder, which need not exist yet, has too little room to start."""
    needed = LATER_START if (data / "db.sqlite3").is_file() else FIRST_START
    standing = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(standing).free
    if free < needed:
        raise Halt(
            f"The disk of the data folder {data} has {free // MEGABYTE} MB free and the demo needs "
            f"{needed // MEGABYTE} MB there. Free some space, or choose a folder on another disk with --data DIR, "
            "and run the command again. Nothing was changed."
        )
