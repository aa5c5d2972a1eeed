"""Look at a file before it is sent on: whoever chose it learns at once that the archive will not store it."""

from __future__ import annotations

import logging

from django.core.files.uploadedfile import UploadedFile as SentFile

from media_pipeline import cage, stores
from media_pipeline.cage import BadFile, CageFailed, CageUnavailable
from media_pipeline.uploads.ingesting import INSPECT_SECONDS, ZIP_MAGIC, ZONE
from media_pipeline.uploads.limits import LARGEST_FILE

log = logging.getLogger(__name__)


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
    file.seek(0)
    with stores.scratch() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.seek(0)
        call = "list_archive" if copy.read(4) in ZIP_MAGIC else "inspect"
        copy.seek(0)
        try:
            found = cage.call(call, zone=ZONE, files=[copy.fileno()], seconds=INSPECT_SECONDS).value
        except CageFailed:
            raise
        except BadFile as error:
            return error.reason
    return "" if found else "empty"
