"""The last step: the request as the expert will see it, before anything of it is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from consult_bridge.models import ClinicalRecord, Consult, Patient
from consult_bridge.selectors.record import labs_shown, vitals_shown
from consult_bridge.services.submitting import lab_results
from consult_bridge.web.request_form import RECORD_FIELDS
from consult_bridge.web.request_steps import Judged


def shown_as_asked(judged: Judged, now: datetime) -> dict[str, Any]:
    """What the consult's own record part draws, made of what was typed. Nothing here is in the database."""
    request = judged.request
    patient = Patient(name=request.patient.name, sex=request.patient.sex, birth_date=request.patient.birth_date)
    consult = Consult(
        patient=patient,
        service_type=request.service_type,
        urgency=request.urgency,
        specialty=request.specialty,
        subject=request.subject,
        question=request.question,
        created_at=now,
    )
    age = patient.age_on(timezone.localdate(now))
    return {
        "consult": consult,
        "record": ClinicalRecord(**{name: getattr(request.record, name) for name in RECORD_FIELDS}),
        "vitals": vitals_shown(request.vitals, age),
        "labs": labs_shown(lab_results(consult, request)),
        "hospital": dict(judged.hospitals.asked).get(str(request.receiving_organisation_id), ""),
        "patient_data": request.patient,
        "accession_number": request.accession_number,
    }
