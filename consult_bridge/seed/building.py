"""A seeded consult, its patient and who may see it, as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from consult_bridge.models import Consult, ConsultThread, Patient
from consult_bridge.seed.names import draw_name
from consult_bridge.seed.places import Places
from consult_bridge.seed.rows import Rows, add_record, add_scope, birth_date
from consult_bridge.seed.scenarios import Scenario
from consult_bridge.vocabulary import time_allowed


def add_consult(rows: Rows, scenario: Scenario, at: datetime, *, urgency: str, **people: Any) -> Consult:
    """A consult submitted at `at` with its record and its thread; `people` names patient, hospitals and persons."""
    consult = rows.add(
        Consult(
            **people,
            specialty=scenario.specialty,
            service_type=scenario.service_type,
            urgency=urgency,
            subject=scenario.subject,
            question=scenario.question,
            created_at=at,
            submitted_at=at,
            due_at=at + time_allowed(urgency),
        )
    )
    rows.add(ConsultThread(id=rows.id_at(at), consult=consult, created_at=at))
    add_record(rows, consult, scenario)
    return consult


def add_patient(rows: Rows, places: Places, scenario: Scenario, requesting: Any, at: datetime, name: str) -> Patient:
    sex = rows.rng.choice(("female", "male"))
    return rows.add(
        Patient(
            id=rows.id_at(at),
            organisation=requesting,
            name=name or draw_name(rows.rng, sex, places.province.names),
            sex=sex,
            birth_date=birth_date(rows.rng, scenario.ages, timezone.localdate(at)),
            record_number=f"{requesting.code}-{len(rows.tables.get(Patient, [])) + 1:05d}",
            created_at=at,
        )
    )


def add_scopes(rows: Rows, places: Places, consult: Consult) -> None:
    """Scope rows come last: who takes part is known only then."""
    participants = {consult.requesting_organisation_id, consult.receiving_organisation_id}
    add_scope(rows, consult, [(one, places.ancestors(one)) for one in sorted(participants)])
