"""A full disk, recognised wherever it shows: in a form's file being received, a store, the database, the broker.

Valkey and Redis answer every write with MISCONF while their append-only file can't be written; reads go on.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _
from redis.exceptions import ResponseError

from core.errors import XinglinError

FULL = (errno.ENOSPC, errno.EDQUOT)
DATABASE_FULL = ("database or disk is full", "No space left on device")  # SQLite, PostgreSQL
BROKER_FULL = "MISCONF"


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
        or (isinstance(cause, ResponseError) and str(cause).startswith(BROKER_FULL))
        for cause in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
