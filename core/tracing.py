"""Where an error came from, without what it says."""

from __future__ import annotations

import traceback


def places_of(error: BaseException) -> str:
    """The traceback without the error's own text.

    A database names the failing row in that text (PostgreSQL's DETAIL) and pydicom the value it could not read: a log
    or a job row with a patient's name in it is a leak.
    """
    return "".join(traceback.format_tb(error.__traceback__))
