"""Minimum data: what a request of a service type must carry, what of it is missing, and which days cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consult_bridge.contracts import ConsultRequest
from consult_bridge.vocabulary import SERVICES, Sex

Text = str | Promise

EARLIEST_DAY = date(1900, 1, 1)

_MISSING: dict[str, tuple[Callable[[ConsultRequest], object], Text]] = {
    "receiving_organisation": (lambda r: r.receiving_organisation_id, _("The hospital asked")),
    "specialty": (lambda r: r.specialty, _("The specialty asked")),
    "patient_name": (lambda r: r.patient.name, _("The patient’s name")),
    "sex": (lambda r: r.patient.sex in Sex.values, _("The patient’s sex")),
    "birth_date": (lambda r: r.patient.birth_date, _("The patient’s date of birth")),
    "subject": (lambda r: r.subject, _("The subject in one line")),
    "question": (lambda r: r.question, _("The question to the expert")),
    "chief_complaint": (lambda r: r.record.chief_complaint, _("The chief complaint")),
    "present_history": (lambda r: r.record.present_history, _("The history of the present illness")),
    "past_history": (lambda r: r.record.past_history, _("The past history (write “none” if there is none)")),
    "medication": (lambda r: r.record.medication, _("The present medication with doses")),
    "allergies": (lambda r: r.record.allergies, _("Allergies (write “none known” if there are none)")),
    "examination": (lambda r: r.record.examination, _("The findings on examination")),
    "vitals": (
        lambda r: {"pulse", "respiration", "systolic", "diastolic"} <= set(r.vitals),
        _("Vital signs: at least pulse, respiration and blood pressure"),
    ),
    "evidence": (
        lambda r: r.labs or r.attachments or r.kept_files,
        _("Something to judge by: images, laboratory values or a scanned report"),
    ),
}


def minimum_of(service_type: str) -> dict[str, Text]:
    """What a request of this service type must carry: name -> words."""
    return {name: _MISSING[name][1] for name in SERVICES[service_type].minimum}


def missing_from(request: ConsultRequest) -> dict[str, Text]:
    """What the service type needs and the request lacks: field name -> sentence. Empty when complete."""
    return {
        name: sentence
        for name in SERVICES[request.service_type].minimum
        for is_there, sentence in [_MISSING[name]]
        if not is_there(request)
    }


def impossible_days(request: ConsultRequest, today: date) -> dict[str, Text]:
    """Days on which nobody who is treated `today` can be born or examined: field name -> sentence."""
    born = request.patient.birth_date
    found: dict[str, Text] = {}
    if born is not None and not is_day_of_life(born, today):
        found["birth_date"] = _("The date of birth lies in the future or before 1900.")
    days = [row.taken_on for row in request.labs]
    if not all(is_day_of_life(day, today) for day in days):
        found["labs"] = _("A laboratory value is dated in the future or before 1900.")
    elif "birth_date" not in found and born is not None and any(day < born for day in days):
        found["labs"] = _("A laboratory value is dated before the patient was born.")
    return found


def is_day_of_life(day: date, today: date) -> bool:
    """Whether something may have happened to somebody who is in care today."""
    return EARLIEST_DAY <= day <= today
