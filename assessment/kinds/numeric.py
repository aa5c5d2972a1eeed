"""A number with a unit and a tolerance: a dose, a flow rate, an ejection fraction."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.kinds.base import Kind

LONGEST = 20
SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{EM DASH}": "-", "负": "-", "。": ".", "点": "."})
"""What Chinese keyboards write for a minus and a decimal point, where NFKC leaves it as it is."""


def number_of(text: Any) -> Decimal | None:
    """A finite decimal from what a person typed; full-width digits, Chinese signs and a decimal comma are read too."""
    if not isinstance(text, str) or not 0 < len(text.strip()) <= LONGEST:
        return None
    try:
        value = Decimal(unicodedata.normalize("NFKC", text).translate(SIGNS).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) <= LONGEST else None


class NumericAnswer(Kind):
    """Right when the number lies within `tolerance` of `value`, both ends included. The unit is printed beside the
    field and not typed, so a right number in another unit cannot be given by accident.
    """

    name = "numeric"
    label = _("Number with unit")
    hint = _("Enter a number.")
    rule = _("All points within the tolerance, none outside it.")

    def own_fields(self, content: Mapping[str, Any], faults: dict[str, list[Any]]) -> dict[str, Any]:
        value, tolerance = number_of(content.get("value")), number_of(content.get("tolerance") or "0")
        unit = str(content.get("unit") or "").strip()
        if value is None:
            faults["value"] = [_("Give the right number.")]
        if tolerance is None or tolerance < 0:
            faults["tolerance"] = [_("The tolerance is a number, 0 or more.")]
        if not unit:
            faults["unit"] = [_("Give the unit; write 1 for a pure number.")]
        return {"value": str(value), "tolerance": str(tolerance), "unit": unit}

    def read(self, content: Mapping[str, Any], data: Mapping[str, Any], key: str) -> dict[str, Any]:
        text = str(data.get(f"{key}-answer") or "").strip()[:LONGEST]
        return {"number": text} if text else {}

    def fault(self, response: Mapping[str, Any]) -> str | Promise:
        if not response or number_of(response.get("number")) is not None:
            return ""
        return _("Enter a number in digits, such as 3 or 0.5.")

    def share(self, content: Mapping[str, Any], response: Mapping[str, Any]) -> Fraction:
        given = number_of(response.get("number"))
        if given is None:
            return Fraction(0)
        distance = abs(Fraction(given) - Fraction(content["value"]))
        return Fraction(distance <= Fraction(content["tolerance"]))

    def perfect(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"number": content["value"]}

    def present(
        self, content: Mapping[str, Any], response: Mapping[str, Any], *, key: str, seed: str, shows_key: bool
    ) -> dict[str, Any]:
        shown = {"given": response.get("number", ""), "unit": content["unit"] if content["unit"] != "1" else ""}
        if shows_key:
            shown |= {"value": content["value"], "tolerance": content["tolerance"]}
            shown["has_tolerance"] = Fraction(content["tolerance"]) > 0
        return shown
