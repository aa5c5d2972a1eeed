"""What decides whose an object is and which examination it belongs to is taken whole or refused, never cut: two that
agree in their beginning are two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

UID_LENGTH = 64  # PS3.5, 9.1: digits and dots. A leading zero of a component, which many devices write, is let pass
UID = re.compile(r"[0-9]+(?:\.[0-9]+)*")
UIDS = ("study_uid", "series_uid", "sop_uid", "sop_class_uid", "transfer_syntax_uid")
# PS3.5, 6.2: a long string has 64 characters, a short one 16 of which devices make more; a name three groups of 64,
# and the column of names has room for five.
LONGEST = {"patient_id": 64, "accession_number": 64, "patient_name": 324}
PUNCTUATED_DAY = re.compile(r"(\d{4})[.-](\d{2})[.-](\d{2})")


def fault_of(header: Mapping[str, Any]) -> str:
    """Why the identifiers of this header cannot be kept, as a key of REASONS; "" when they can."""
    if any(not _is_uid(said) for name in UIDS if (said := str(header.get(name) or ""))):
        return "invalid_uid"
    if any(not _fits(str(header.get(name) or ""), longest) for name, longest in LONGEST.items()):
        return "invalid_identifier"
    return ""


def birth_day(value: str) -> str:
    """YYYYMMDD or what else fits its eight places; the older YYYY.MM.DD (PS3.5, 6.2) is the same day. "" for what is
    longer: the beginning of a text is no date of birth."""
    value = PUNCTUATED_DAY.sub(r"\1\2\3", value) if PUNCTUATED_DAY.fullmatch(value) else value
    return value if len(value) <= 8 else ""


def _is_uid(value: str) -> bool:
    return len(value) <= UID_LENGTH and UID.fullmatch(value) is not None


def _fits(value: str, longest: int) -> bool:
    return len(value) <= longest and "\x00" not in value
