"""The specialties (专业) that a department can have, as data: triage, work lists and experts share the keys.

The names are what the administration pages call them; a department has a name of its own.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

SPECIALTIES: dict[str, str | Promise] = {
    "cardiology": pgettext_lazy("specialty", "Cardiology"),
    "respiratory": pgettext_lazy("specialty", "Respiratory medicine"),
    "neurology": pgettext_lazy("specialty", "Neurology"),
    "endocrinology": pgettext_lazy("specialty", "Endocrinology"),
    "general_surgery": pgettext_lazy("specialty", "General surgery"),
    "paediatrics": pgettext_lazy("specialty", "Paediatrics"),
    "emergency": pgettext_lazy("specialty", "Emergency medicine"),
    "radiology": pgettext_lazy("specialty", "Radiology"),
    "ultrasound": pgettext_lazy("specialty", "Ultrasound"),
    "general_practice": pgettext_lazy("specialty", "General practice"),
    "telemedicine": pgettext_lazy("specialty", "Telemedicine"),
    "nursing": pgettext_lazy("specialty", "Nursing"),
}
