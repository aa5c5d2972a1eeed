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

from consult_bridge.vocabulary import VITALS, Sex

Text = str | Promise
CARD = re.compile(r"\d{6}(\d{8})\d{2}(\d)[\dX]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
TELEPHONE = re.compile(r"([(+]*\d[\d ()\-\u2010-\u2015]{5,}\d)([\- ]?(转|ext\.?|x)[\- ]?\d{1,6})?", re.IGNORECASE)
REMARK = re.compile(r"\([^()]*[^\W\d_][^()]*\)")
SET_APART = re.compile(r"[/;,、|]")
FEWEST_DIGITS = 7
MOST_DIGITS = 15
"""The longest number of the world, its country's code included (ITU-T E.164)."""
COUNTRY = re.compile(r"(00)?86")
MOBILE = re.compile(r"1[3-9]")
MOBILE_DIGITS = 11
"""Of a mobile, which in China begins with 13 to 19 (电信网编号计划, 2017)."""

COMPARE = _("Compare both with the card.")
NOT_A_CARD = _("An identity card number has 18 digits, the last may be X. Compare it with the card.")
WRONG_CHECK = _("This identity card number cannot be right: its last digit does not fit the others. Compare it.")
WRONG_DAY = _("This identity card number holds no day of birth that there is. Compare it with the card.")
MOBILE_LENGTH = _("A mobile telephone number has 11 digits. Compare it with the patient.")
TOO_LONG = _("A telephone number has at most 15 digits; put a comma between two of them.")
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
    if _day_of(form) is None:
        return WRONG_DAY
    total = sum(int(digit) * weight for digit, weight in zip(typed, WEIGHTS, strict=False))
    return "" if CHECK_DIGITS[total % 11] == typed[-1] else WRONG_CHECK


def card_differs(number: str, born: date | None, sex: str) -> Text:
    """What a number that may be says otherwise than the form: the day of birth in its digits 7 to 14, the sex in the
    17th, odd for men (GB 11643-1999). "" where they agree or the form does not say."""
    form = CARD.fullmatch(number.strip().upper())
    day = _day_of(form) if form is not None else None
    if form is None or day is None:
        return ""
    on_card = Sex.MALE if int(form[2]) % 2 else Sex.FEMALE
    is_other_day = born is not None and born != day
    is_other_sex = sex in {Sex.MALE, Sex.FEMALE} and sex != on_card
    if is_other_day and is_other_sex:
        words = _("This number is that of somebody born on {card_day}, sex: {card_sex}; here stand {day} and {sex}.")
    elif is_other_day:
        words = _("This number is that of somebody born on {card_day}; here the date of birth is {day}.")
    elif is_other_sex:
        words = _("By its 17th digit this number has the sex: {card_sex}; here stands: {sex}.")
    else:
        return ""
    shown = {"card_day": day.isoformat(), "day": born.isoformat() if born else ""}
    sexes = {"card_sex": on_card.label, "sex": Sex(sex).label if sex in Sex.values else ""}
    return format_lazy("{} {}", format_lazy(words, **shown, **sexes), COMPARE)


def _day_of(form: re.Match[str]) -> date | None:
    """The day of birth in a card's number; None where there is no such day."""
    try:
        return date(int(form[1][:4]), int(form[1][4:6]), int(form[1][6:]))
    except ValueError:
        return None


def wrong_telephone(number: str) -> Text:
    """Why this is no telephone, or not several with a sign between; whose it is may stand in brackets."""
    typed = REMARK.sub(" ", unicodedata.normalize("NFKC", number))
    numbers = [part.strip() for part in SET_APART.split(typed) if part.strip()]
    if not numbers:
        return NOT_A_TELEPHONE
    return next((sentence for sentence in map(_not_dialled, numbers) if sentence), "")


def _not_dialled(number: str) -> Text:
    """Why nobody answers under this number; an extension behind it does not count."""
    form = TELEPHONE.fullmatch(number)
    digits = "".join(filter(str.isdigit, form[1])) if form is not None else ""
    if len(digits) < FEWEST_DIGITS:
        return NOT_A_TELEPHONE
    is_abroad = "+" in number or digits.startswith("00")
    at_home = COUNTRY.sub("", digits, count=1) if is_abroad and COUNTRY.match(digits) else digits
    if MOBILE.match(at_home) and len(at_home) != MOBILE_DIGITS:
        return MOBILE_LENGTH
    return TOO_LONG if len(digits) > MOST_DIGITS else ""


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
