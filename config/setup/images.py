"""The folder behind `--dicom`: one sentence where it is of no use, before anything is set up or started."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from config.setup.folders import PYTHON, ROOT
from config.setup.halt import Halt

PREAMBLE, MAGIC = 128, b"DICM"  # PS3.10, 7.1
NAME_ANOTHER = "Name a folder with the DICOM files of one study."


def own_folder(argument: str | None) -> str:
    """The whole path of the folder; "" for none. Raises Halt unless it holds a file that begins as DICOM does."""
    if not argument:
        return ""
    try:
        folder = Path(argument).expanduser().resolve()
        is_folder, is_there = folder.is_dir(), folder.exists()
    except (OSError, RuntimeError):  # a name that is too long, a link that leads to itself, nobody's home
        is_folder = is_there = False
    if not is_there:
        raise Halt(f"--dicom {argument} does not exist. {NAME_ANOTHER}")
    if not is_folder:
        raise Halt(f"--dicom {argument} is not a folder. {NAME_ANOTHER}")
    _refuse_without_dicom(folder)
    return str(folder)


def look_at_images(folder: str) -> None:
    """Read every file, with the packages of the environment. Raises Halt where none of them can be shown."""
    if not folder:
        return
    command = [str(PYTHON), "-m", "config.story.own", folder]
    looked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if looked.returncode:
        lines = looked.stderr.strip().splitlines() or [f"The folder {folder} could not be read."]
        raise Halt(lines[-1])


def _refuse_without_dicom(folder: Path) -> None:
    seen = 0
    for path in _files(folder):
        seen += 1
        if _begins_as_dicom(path):
            return
    if not seen:
        raise Halt(f"The folder {folder} is empty. {NAME_ANOTHER}")
    raise Halt(f"The folder {folder} holds no DICOM file. {NAME_ANOTHER}")


def _files(folder: Path) -> Iterator[Path]:
    for place, _folders, names in os.walk(folder):
        yield from (Path(place, name) for name in names)


def _begins_as_dicom(path: Path) -> bool:
    """Not for what is no plain file: a pipe would be waited for."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(PREAMBLE + len(MAGIC))[PREAMBLE:] == MAGIC
    except OSError:
        return False
