"""Find or enter the patient of a request."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from consult_bridge.contracts import PatientData
from consult_bridge.models import Patient
from core import crypto
from core.errors import Invalid


class PatientNumberTaken(Invalid):
    code = "patient_number_taken"
    message = _("This patient number belongs to a patient with another name. Nothing was sent.")
    next_step = _("Check the number and the name against the hospital's own record.")


def patient_for(data: PatientData, *, organisation_id: UUID, now: datetime) -> Patient:
    """The organisation's patient with this number, or a new one; called inside a transaction.

    What the known patient lacks is filled in; nothing known is overwritten. Raises PatientNumberTaken.
    """
    known = None
    if data.record_number:
        known = (
            Patient.unscoped.select_for_update()
            .filter(organisation_id=organisation_id, record_number=data.record_number)
            .first()
        )
    if known is None:
        known = Patient(organisation_id=organisation_id, name=data.name, created_at=now)
        known.record_number = data.record_number
    elif known.name != data.name:
        raise PatientNumberTaken(fields={"record_number": [PatientNumberTaken.message]})
    _fill(known, data)
    known.save()
    return known


def _fill(patient: Patient, data: PatientData) -> None:
    if patient.sex in {"", "unknown"}:
        patient.sex = data.sex
    patient.birth_date = patient.birth_date or data.birth_date
    patient.address = patient.address or data.address or None
    if data.id_number and not patient.id_number:
        patient.id_number = data.id_number
        patient.id_number_index = crypto.blind_index(data.id_number.upper(), purpose="patient.id_number")
    if data.phone and not patient.phone:
        patient.phone = data.phone
        patient.phone_index = crypto.blind_index(data.phone, purpose="patient.phone")
