"""Find or enter the patient of a request."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from consult_bridge.contracts import PatientData
from consult_bridge.models import Patient
from consult_bridge.vocabulary import OnDifference, Sex
from core import audit, crypto
from core.actor import Actor
from core.errors import Invalid
from directory import api as directory

CONTACT = ("phone", "address")


class PatientNumberTaken(Invalid):
    code = "patient_number_taken"
    message = _("This patient number belongs to a patient with another name. Nothing was sent.")
    next_step = _("Check the number and the name against the hospital’s own record.")


class PatientDiffers(Invalid):
    """The patient with this number and name has another sex, date of birth or identity card number. `fields` names each
    that differs. The stored identity card number is not told: who typed a wrong one must not learn another's.
    """

    code = "patient_differs"
    message = _("The patient with this number is recorded with other data. Nothing was sent.")
    next_step = _("Correct the patient number, or say which is right: the hospital’s record or what you typed.")


def patient_for(data: PatientData, *, actor: Actor, organisation_id: UUID, now: datetime) -> Patient:
    """The organisation's patient with this number, or a new one; called inside a transaction.

    What the known patient lacks is filled in, another phone or address replaces the known one. What identifies is
    overwritten only where the requester says that what was typed is right; both are audited by the fields' names.
    Raises PatientNumberTaken, PatientDiffers.
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
        _take(known, data, ("sex", "birth_date", "id_number", *CONTACT))
        known.save()
        return known
    if known.name != data.name:
        raise PatientNumberTaken(fields={"record_number": [PatientNumberTaken.message]})
    _merge(known, data, actor=actor, now=now)
    return known


def differences(known: Patient, data: PatientData) -> dict[str, str | Promise]:
    """What was typed otherwise than it is recorded: field -> what the record says, which for a number is not told."""
    found: dict[str, str | Promise] = {}
    recorded = _("The hospital’s record says: {value}")
    if known.sex not in {"", Sex.UNKNOWN} and data.sex not in {"", Sex.UNKNOWN, known.sex}:
        found["sex"] = format_lazy(recorded, value=Sex(known.sex).label)
    if known.birth_date and data.birth_date and known.birth_date != data.birth_date:
        found["birth_date"] = format_lazy(recorded, value=known.birth_date.isoformat())
    if known.id_number and data.id_number and known.id_number.upper() != data.id_number.upper():
        found["id_number"] = _("The hospital’s record holds another identity card number.")
    return found


def _merge(known: Patient, data: PatientData, *, actor: Actor, now: datetime) -> None:
    found = differences(known, data)
    if found and data.on_difference not in OnDifference.values:
        raise PatientDiffers(fields={name: [sentence] for name, sentence in found.items()})
    lacking = [name for name in ("sex", "birth_date", "id_number", *CONTACT) if _is_lacking(known, name)]
    contact = [
        name for name in CONTACT if name not in lacking and getattr(data, name) not in {"", getattr(known, name)}
    ]
    corrected = list(found) if data.on_difference == OnDifference.CORRECT else []
    _take(known, data, [*lacking, *contact, *corrected])
    known.save()
    for action, fields in (
        ("patient.contact_changed", contact),
        ("patient.record_confirmed", [] if corrected else list(found)),
        ("patient.corrected", corrected),
    ):
        if fields:
            _record(known, action, fields, actor=actor, now=now)


def _is_lacking(known: Patient, name: str) -> bool:
    return not getattr(known, name) or (name == "sex" and known.sex == Sex.UNKNOWN)


def _take(patient: Patient, data: PatientData, names: list[str] | tuple[str, ...]) -> None:
    """Write what was typed into the named fields; an empty value writes nothing."""
    for name in names:
        value = getattr(data, name)
        if not value:
            continue
        setattr(patient, name, value)
        if name == "id_number":
            patient.id_number_index = crypto.blind_index(value.upper(), purpose="patient.id_number")
        if name == "phone":
            patient.phone_index = crypto.blind_index(value, purpose="patient.phone")


def _record(patient: Patient, action: str, fields: list[str], *, actor: Actor, now: datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject_type="patient",
        subject_id=patient.pk,
        organisation_path=directory.get_organisation(patient.organisation_id).path,
        details={"fields": sorted(fields)},
        now=now,
    )
