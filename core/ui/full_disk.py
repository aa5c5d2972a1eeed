"""A full disk, recognised wherever it shows: while a form's file is received, in a store, in the database."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from core.errors import XinglinError

FULL = (errno.ENOSPC, errno.EDQUOT)
DATABASE_FULL = ("database or disk is full", "No space left on device")  # SQLite, PostgreSQL


class StorageFull(XinglinError):
    """507 Insufficient Storage (RFC 4918, 11.5)."""

    code = "storage_full"
    status = 507
    message = _("The disk of this site is full. Nothing was saved.")
    next_step = _("Tell your administrator. Send it again when there is space; what you have on your side stays good.")


def is_full_disk(error: BaseException | None) -> bool:
    """Whether a full disk is the error itself or stands behind it."""
    return any(
        (isinstance(cause, OSError) and cause.errno in FULL)
        or (isinstance(cause, OperationalError) and any(words in str(cause) for words in DATABASE_FULL))
        for cause in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
