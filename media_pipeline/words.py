"""DICOM's codes for kinds of images, sex and age in a person's words: the one place that gives them.

Kinds: Modality (0008,0060), defined terms of PS3.3, C.7.3.1.1.1; sex: (0010,0040), PS3.3, C.7.1.1.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MODALITIES: dict[str, str | Promise] = {
    "US": pgettext_lazy("modality", "Ultrasound"),
    "IVUS": pgettext_lazy("modality", "Intravascular ultrasound"),
    "MR": pgettext_lazy("modality", "MRI"),
    "CT": pgettext_lazy("modality", "CT"),
    "CR": pgettext_lazy("modality", "Computed radiography"),
    "DX": pgettext_lazy("modality", "Digital radiography"),
    "DR": pgettext_lazy("modality", "Digital radiography"),
    "MG": pgettext_lazy("modality", "Mammography"),
    "XA": pgettext_lazy("modality", "Angiography"),
    "RF": pgettext_lazy("modality", "Fluoroscopy"),
    "NM": pgettext_lazy("modality", "Nuclear medicine"),
    "PT": pgettext_lazy("modality", "PET"),
    "ES": pgettext_lazy("modality", "Endoscopy"),
    "XC": pgettext_lazy("modality", "Photograph"),
    "OP": pgettext_lazy("modality", "Eye photograph"),
    "OPT": pgettext_lazy("modality", "OCT of the eye"),
    "SM": pgettext_lazy("modality", "Slide microscopy"),
    "ECG": pgettext_lazy("modality", "ECG"),
    "IO": pgettext_lazy("modality", "Dental X-ray"),
    "PX": pgettext_lazy("modality", "Panoramic X-ray"),
    "SR": pgettext_lazy("modality", "Structured report"),
    "OT": pgettext_lazy("modality", "Other images"),
}
SEXES: dict[str, str | Promise] = {"F": _("Female"), "M": _("Male"), "O": pgettext_lazy("sex", "Other")}
#: By the unit of an age string (PS3.5, 6.2, AS: three digits and a letter).
AGES: dict[str, str | Promise] = {
    "Y": pgettext_lazy("age of a patient", "%s years"),
    "M": pgettext_lazy("age of a patient", "%s months"),
    "W": pgettext_lazy("age of a patient", "%s weeks"),
    "D": pgettext_lazy("age of a patient", "%s days"),
}


def modality_words(codes: str) -> str:
    r"""Of one code or several joined by a backslash; a code that is not known stays as it is."""
    return " · ".join(str(MODALITIES.get(code, code)) for code in codes.split("\\") if code)


def sex_word(code: str) -> str:
    return str(SEXES.get(code.strip().upper(), code))


def age_words(age: str) -> str:
    """Of "048Y" "48 years"; what is no such text stays as it is."""
    number, unit = age[:-1], age[-1:]
    return str(AGES[unit]) % int(number) if unit in AGES and number.isascii() and number.isdigit() else age
