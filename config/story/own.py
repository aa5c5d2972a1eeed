"""The visitor's own images: what of a folder the house can take, found out before anything starts.

`python -m config.story.own DIR` says in one sentence why a folder is of no use, with status 1; `bin/demo` asks it
before it starts a service. The files are the visitor's and lie on the visitor's machine, so they are read without a
cage; the running house reads them in one, as any other file from outside.
"""

from __future__ import annotations

import errno
import logging
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydicom.uid import UID

from config.story.browser import StoryFault
from config.story.images import Imaged, NewStudy, files_of
from media_pipeline.deid.declared import keep_declared
from media_pipeline.dicom.frames import decode
from media_pipeline.dicom.header import inspect
from media_pipeline.dicom.reading import read
from media_pipeline.words import MODALITIES

MOST_FILES = 2000  # of one request, as the settings have it
ALLOCATED = frozenset({8, 16, 32})  # bits of a pixel; what has fewer is no photograph of a body but a mask over one
NOBODY = Imaged("", "", "O", "1900-01-01")
NAME_ANOTHER = "Name a folder with the DICOM files of one study."


class NoOwnImages(StoryFault):
    """The message is a sentence for the person at the terminal: the fact, then what to do."""


@dataclass(frozen=True, slots=True)
class Own:
    """A study as the story sends it. `modalities` are DICOM's codes that the house has words for, in order.

    Nothing else is taken over from a header: it may hold anything.
    """

    files: tuple[Path, ...]
    modalities: tuple[str, ...]
    pictures: int


def own_study(source: Path, patient: Imaged, folder: Path, now: datetime, *, prefix: str = "own") -> Own:
    """Write the images of `source`, with this patient in their headers, into `folder`: one study of all of them.

    Reports, masks and files that cannot be read are left out. Raises NoOwnImages where none is left.
    """
    files = files_of(source)
    study, pictures = NewStudy(patient, now), 0
    made, kinds = list[Path](), set[str]()
    for path in files:
        target = folder / f"{prefix}-{len(made):03d}.dcm"
        header = _taken(study, path, target)
        if header is None:
            target.unlink(missing_ok=True)
            continue
        made.append(target)
        if len(made) > MOST_FILES:
            raise NoOwnImages(
                f"{source} holds more than {MOST_FILES:,} images; a request takes no more. {NAME_ANOTHER}"
            )
        kinds.add(str(header["modality"]))
        pictures += int(header["frames"])
    if not made:
        raise NoOwnImages(_nothing_in(source, len(files)))
    return Own(tuple(made), tuple(sorted(kinds & set(MODALITIES))), pictures)


def _nothing_in(source: Path, files: int) -> str:
    if not files:
        return f"The folder {source} is empty. {NAME_ANOTHER}"
    many = "Its one file is none" if files == 1 else f"None of its {files:,} files is one"
    return f"The folder {source} holds no DICOM image that can be shown. {many}. {NAME_ANOTHER}"


def _taken(study: NewStudy, path: Path, target: Path) -> dict[str, Any] | None:
    """The header of the object that was written; None for what is no picture or cannot be read whole."""
    try:
        with _quietly():
            study.write(path, target)
            return _header_of(target)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:  # nothing is left out in silence
            raise NoOwnImages(f"The disk of {target.parent} is full. Free space there, or set TMPDIR.") from None
        return None
    except Exception:  # over a damaged file pydicom raises whatever its bytes lead it to
        return None


@contextmanager
def _quietly() -> Iterator[None]:
    """What a device does oddly, and what no decoder can read, is nothing the visitor can change."""
    log = logging.getLogger("pydicom")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


def _header_of(path: Path) -> dict[str, Any] | None:
    """As the archive, the de-identification and the viewer will read it. Raises BadInput, and whatever pydicom does."""
    with path.open("rb") as file:
        header: dict[str, Any] = inspect([file.fileno()], [])[0]
        dataset = read(file.fileno())
        is_picture = header["frames"] and not UID(header["sop_class_uid"]).is_private
        if not is_picture or dataset.get("BitsAllocated") not in ALLOCATED:
            return None
        decode(file.fileno(), dataset, 1)
        keep_declared(dataset)
    return header


def main() -> int:
    """Look at the folder that is named as the only argument."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            own_study(Path(sys.argv[1]), NOBODY, Path(folder), datetime.now(UTC))
        except NoOwnImages as fault:
            print(fault, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
