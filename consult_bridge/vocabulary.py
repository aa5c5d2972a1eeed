"""What a consult may be: urgencies with their clocks, service types with their minimum data, specialties, vitals.

The clocks are this product's defaults; an authority sets its own in `XINGLIN_CONSULT_HOURS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Urgency(models.TextChoices):
    STAT = "stat", pgettext_lazy("urgency", "Stat")
    URGENT = "urgent", pgettext_lazy("urgency", "Urgent")
    ROUTINE = "routine", pgettext_lazy("urgency", "Routine")


URGENCY_ORDER = {Urgency.STAT: 0, Urgency.URGENT: 1, Urgency.ROUTINE: 2}
INFORMATION_DAYS = 14
"""A consult that waits this long for information expires."""


CRITICAL_MINUTES = 15
"""A critical value is acknowledged within this time, then it goes to the coordinators. The product's default, by
look and feel; hospitals' own rules commonly ask for it within minutes (ACR, Actionable Reporting Work Group,
category 1)."""


def time_allowed(urgency: str) -> timedelta:
    """From submission to the signed opinion."""
    return timedelta(hours=settings.XINGLIN_CONSULT_HOURS[urgency])


class ServiceType(models.TextChoices):
    JOINT_DIAGNOSIS = "joint_diagnosis", _("Joint diagnosis")
    REMOTE_CONSULTATION = "remote_consultation", _("Remote consultation")
    CHRONIC_GUIDANCE = "chronic_guidance", _("Chronic-disease guidance")
    REFERRAL_ADVICE = "referral_advice", _("Referral advice")


@dataclass(frozen=True, slots=True)
class Service:
    """`minimum` names what a request must carry; `needs_checker` that no expert may sign alone."""

    minimum: tuple[str, ...]
    needs_checker: bool
    responsibility: str | Promise


_ALWAYS = (
    *("receiving_organisation", "specialty", "subject", "question"),
    *("patient_name", "sex", "birth_date", "chief_complaint", "present_history"),
)

SERVICES: dict[str, Service] = {
    ServiceType.JOINT_DIAGNOSIS: Service(
        (*_ALWAYS, "past_history", "allergies", "examination", "vitals", "evidence"),
        True,
        _("Both hospitals take part in the diagnosis and each answers for its own part."),
    ),
    ServiceType.REMOTE_CONSULTATION: Service(
        (*_ALWAYS, "past_history", "allergies", "examination"),
        True,
        _("The opinion advises; the requesting hospital decides and answers for the treatment."),
    ),
    ServiceType.CHRONIC_GUIDANCE: Service(
        (*_ALWAYS, "past_history", "medication", "allergies"),
        False,
        _("Advice on long-term care; the requesting doctor decides on each change."),
    ),
    ServiceType.REFERRAL_ADVICE: Service(
        (*_ALWAYS, "examination", "vitals"),
        False,
        _("Whether, where and how urgently to move the patient; it is not yet an accepted referral."),
    ),
}


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    UNKNOWN = "unknown", pgettext_lazy("sex", "Not known")


class OnDifference(models.TextChoices):
    """Which is right when a known patient is typed with another sex, date of birth or identity card number."""

    KEEP = "keep", _("The hospital’s record is right")
    CORRECT = "correct", _("What I typed is right")


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
}
"""The keys are those of directory's departments."""


@dataclass(frozen=True, slots=True)
class Vital:
    """A vital sign with its UCUM-like unit and an adult range, outside which the page says high or low."""

    label: str | Promise
    unit: str
    low: float | None
    high: float | None


VITALS: dict[str, Vital] = {
    "temperature": Vital(_("Temperature"), "℃", 36.0, 37.3),
    "pulse": Vital(_("Pulse"), "/min", 60, 100),
    "respiration": Vital(_("Respiration"), "/min", 12, 20),
    "systolic": Vital(_("Systolic pressure"), "mmHg", 90, 139),
    "diastolic": Vital(_("Diastolic pressure"), "mmHg", 60, 89),
    "oxygen_saturation": Vital(_("Oxygen saturation"), "%", 94, 100),
    "weight": Vital(_("Weight"), "kg", None, None),
    "height": Vital(pgettext_lazy("consult", "Height"), "cm", None, None),
}
