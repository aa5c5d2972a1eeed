"""What cannot be: identity card numbers, telephones and vital signs that nobody can have; no range of health."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from consult_bridge.vocabulary import VITALS

Text = str | Promise
CARD = re.compile(r"\d{6}(\d{8})\d{3}[\dX]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
TELEPHONE = re.compile(r"([(+]*\d[\d ()\-\u2010-\u2015]{5,}\d)([\- ]?(转|ext\.?|x)[\- ]?\d{1,6})?", re.IGNORECASE)
REMARK = re.compile(r"\([^()]*[^\W\d_][^()]*\)")
SET_APART = re.compile(r"[/;,、|]")
FEWEST_DIGITS = 7

NOT_A_CARD = _("An identity card number has 18 digits, the last may be X. Compare it with the card.")
WRONG_CHECK = _("This identity card number cannot be right: its last digit does not fit the others. Compare it.")
WRONG_DAY = _("This identity card number holds no day of birth that there is. Compare it with the card.")
NOT_A_TELEPHONE = _("A telephone number has at least seven digits and no letters; a remark stands in brackets.")
PRESSURES_SWAPPED = _("The systolic pressure is above the diastolic one. Look whether they were swapped.")

MEASURED: dict[str, tuple[Decimal, Decimal]] = {
    "temperature": (Decimal(20), Decimal(45)),
    "pulse": (Decimal(10), Decimal(350)),
    "respiration": (Decimal(2), Decimal(150)),
    "systolic": (Decimal(20), Decimal(300)),
    "diastolic": (Decimal(5), Decimal(220)),
    "oxygen_saturation": (Decimal(10), Decimal(100)),
    "weight": (Decimal("0.2"), Decimal(500)),
    "height": (Decimal(15), Decimal(260)),
}
"""The least and the most that a living person was measured with, in the units of `VITALS`; the product's own bounds,
set wide: from an arrested heart's escape rhythm to an infant's tachycardia, from deep hypothermia to heat stroke."""


COUNTED = ("pulse", "respiration")
"""Beats and breaths of a minute: whole numbers."""


def wrong_card(number: str) -> Text:
    """Why this is no identity card number (GB 11643-1999: form, day of birth, check digit by ISO 7064 MOD 11-2); "" for
    one that may be."""
    typed = number.strip().upper()
    form = CARD.fullmatch(typed)
    if form is None:
        return NOT_A_CARD
    try:
        date(int(form[1][:4]), int(form[1][4:6]), int(form[1][6:]))
    except ValueError:
        return WRONG_DAY
    total = sum(int(digit) * weight for digit, weight in zip(typed, WEIGHTS, strict=False))
    return "" if CHECK_DIGITS[total % 11] == typed[-1] else WRONG_CHECK


def wrong_telephone(number: str) -> Text:
    """Why this is no telephone, or not several with a sign between; whose it is may stand in brackets."""
    typed = REMARK.sub(" ", unicodedata.normalize("NFKC", number))
    numbers = [part.strip() for part in SET_APART.split(typed) if part.strip()]
    return "" if numbers and all(map(_may_be_dialled, numbers)) else NOT_A_TELEPHONE


def _may_be_dialled(number: str) -> bool:
    form = TELEPHONE.fullmatch(number)
    return form is not None and sum(map(str.isdigit, form[1])) >= FEWEST_DIGITS


def wrong_vitals(vitals: Mapping[str, Decimal | None]) -> dict[str, Text]:
    """Kind -> why this cannot have been measured."""
    found: dict[str, Text] = {}
    for kind, (least, most) in MEASURED.items():
        value = vitals.get(kind)
        if value is not None and not least <= value <= most:
            found[kind] = format_lazy(
                _("{name} lies between {least} and {most} {unit} in the living. Look at the value again."),
                name=VITALS[kind].label,
                least=least,
                most=most,
                unit=VITALS[kind].unit,
            )
    for kind in COUNTED:
        value = vitals.get(kind)
        if value is not None and kind not in found and value != value.to_integral_value():
            found[kind] = format_lazy(_("{name} is a whole number a minute."), name=VITALS[kind].label)
    systolic, diastolic = vitals.get("systolic"), vitals.get("diastolic")
    if systolic is not None and diastolic is not None and systolic <= diastolic and not found.keys() & {"systolic"}:
        found["systolic"] = PRESSURES_SWAPPED
    return found
