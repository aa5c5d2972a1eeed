"""What the texts of a release are called on the readers' page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

LABELS: dict[str, str | Promise] = {
    "patient": pgettext_lazy("released text", "Patient"),
    "question": pgettext_lazy("released text", "Question asked"),
    "chief_complaint": pgettext_lazy("released text", "Chief complaint"),
    "present_history": pgettext_lazy("released text", "History of the present illness"),
    "past_history": pgettext_lazy("released text", "Past history"),
    "medication": pgettext_lazy("released text", "Medication"),
    "allergies": pgettext_lazy("released text", "Allergies"),
    "examination": pgettext_lazy("released text", "Physical examination"),
    "vitals": pgettext_lazy("released text", "Vital signs"),
    "labs": pgettext_lazy("released text", "Laboratory results"),
    "findings": pgettext_lazy("released text", "Basis of the opinion"),
    "impression": pgettext_lazy("released text", "Diagnostic opinion"),
    "recommendation": pgettext_lazy("released text", "Recommendation"),
    "imaging_report": pgettext_lazy("released text", "Imaging report"),
    "image_headers": pgettext_lazy("released text", "Words that stay in the headers"),
    "teaching_reason": pgettext_lazy("released text", "Why it was proposed for teaching"),
}


def label_of(name: str) -> str:
    """The words for a text's name; a name that nobody has words for stands as it is."""
    return str(LABELS.get(name, name))
