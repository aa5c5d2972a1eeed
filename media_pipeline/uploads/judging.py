"""Look at a file before it is sent on: whoever chose it learns at once that the archive will not store it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile as SentFile

from media_pipeline import cage, stores
from media_pipeline.cage import BadFile, CageFailed, CageUnavailable
from media_pipeline.uploads.ingesting import INSPECT_SECONDS, ZIP_MAGIC, ZONE
from media_pipeline.uploads.limits import LARGEST_FILE

log = logging.getLogger(__name__)

PAGE_FAULTS = frozenset({"damaged", "too_many_pixels", "locked"})
BUSY = "busy"
PAGE_SECONDS = 15.0


def judge_file(file: SentFile) -> str:
    """Why the archive would refuse this file, as a code for `RefusedFile`; "" where nothing speaks against it.

    A caged process reads its header, or the list of a zip file, whose members are read when it is sent. Nothing is
    stored, and the file stands at its start again. A judgement that a busy machine lost says nothing.
    """
    try:
        return _reason(file)
    except (CageFailed, CageUnavailable):
        log.warning("a chosen file could not be judged")
        return ""
    finally:
        file.seek(0)


def _reason(file: SentFile) -> str:
    """Raises CageFailed, CageUnavailable."""
    if (file.size or 0) > LARGEST_FILE:
        return "too_large"
    with _copied(file) as copy:
        call = "list_archive" if copy.read(4) in ZIP_MAGIC else "inspect"
        copy.seek(0)
        try:
            found = cage.call(call, zone=ZONE, files=[copy.fileno()], seconds=INSPECT_SECONDS).value
        except CageFailed:
            raise
        except BadFile as error:
            return error.reason
    return "" if found else "empty"


def judge_page(file: SentFile) -> str:
    """Why nobody could read this scanned page (a PDF, JPEG or PNG): a key of PAGE_FAULTS, `busy` where the judgement
    was lost; "" where it can be read.

    A caged process decodes the picture whole or opens the PDF to its pages: the first bytes of a file say what it began
    as, not that it arrived. Nothing is stored, and the file stands at its start again.
    """
    try:
        with _copied(file) as copy:
            fault = str(cage.call("check_page", zone=ZONE, files=[copy.fileno()], seconds=PAGE_SECONDS).value)
            return fault if fault in {"", *PAGE_FAULTS} else "damaged"
    except (CageFailed, CageUnavailable):
        log.warning("a scanned page could not be judged")
        return BUSY
    except BadFile:
        return "damaged"
    finally:
        file.seek(0)


@contextmanager
def _copied(file: SentFile) -> Iterator[BinaryIO]:
    """The file as a descriptor for the cage, at its start."""
    file.seek(0)
    with stores.scratch() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.seek(0)
        yield copy
