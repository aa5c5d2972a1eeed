"""Telephone numbers in one form: E.164, with +86 understood for an eleven-digit mobile number."""

from __future__ import annotations

import re

PURPOSE = "person.phone"
_MOBILE = re.compile(r"1\d{10}")
_E164 = re.compile(r"\+[1-9]\d{5,14}")


def normalised(text: str) -> str:
    """ "139 0000 0001" -> "+8613900000001"; an empty string when it is no telephone number."""
    digits = re.sub(r"[\s\-().]", "", text.translate(str.maketrans("０１２３４５６７８９＋", "0123456789+")))
    if _MOBILE.fullmatch(digits):
        return f"+86{digits}"
    if digits.startswith("0086"):
        digits = f"+{digits[2:]}"
    return digits if _E164.fullmatch(digits) else ""


def masked(phone: str) -> str:
    """ "+8613900000001" -> "139****0001", for pages and messages."""
    local = phone.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}" if len(local) >= 8 else "****"
