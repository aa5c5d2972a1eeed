"""Whole numbers from outside. `str.isdigit` lets "²" through and `int` refuses five thousand digits: ask here."""

from __future__ import annotations

import re

#: What every column of the house can hold, and far more than anybody types.
_DIGITS = re.compile(r"[0-9]{1,9}")


def whole_number(raw: object) -> int | None:
    """0 to 999,999,999 in plain digits, blanks around them allowed; None for anything else."""
    text = str(raw).strip() if raw is not None else ""
    return int(text) if _DIGITS.fullmatch(text) else None
