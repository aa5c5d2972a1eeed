"""Twelve months of consults in the seeded province: growing, uneven, some hospitals silent, one figure for every page.

Equal seeds give equal rows. The audit trail starts with the installation: seeded history has no entries in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from consult_bridge.models import Consult, ConsultThread, Patient
from consult_bridge.seed.calendar import moments
from consult_bridge.seed.consents import give_consents
from consult_bridge.seed.history import ending, tell, wait_for_information
from consult_bridge.seed.names import CANARY_NAMES, draw_name
from consult_bridge.seed.places import Places
from consult_bridge.seed.reports import add_reports, own_dice
from consult_bridge.seed.rows import Rows, add_record, add_scope, birth_date
from consult_bridge.seed.scenarios import SCENARIOS, Scenario
from consult_bridge.vocabulary import time_allowed
from directory.api import SeededProvince

URGENCIES = {"r": "routine", "u": "urgent", "s": "stat"}
OPEN_NOW = (
    # hours ago, state, specialty: what stands on the desks on the demo's day
    (3, "submitted", "cardiology"),
    (5, "submitted", "endocrinology"),
    (20, "in_triage", "respiratory"),
    (26, "awaiting_information", "neurology"),
    (22, "assigned", "cardiology"),
    (18, "assigned", "paediatrics"),
    (28, "accepted", "cardiology"),
    (30, "accepted", "respiratory"),
    (33, "drafting", "endocrinology"),
    (36, "under_review", "respiratory"),
    (38, "under_review", "cardiology"),
    (52, "signed", "cardiology"),
    (58, "signed", "neurology"),
    (64, "signed", "endocrinology"),
)

_SERVICE_OF = {"under_review": ("joint_diagnosis", "remote_consultation")}  # the services that need a second doctor


def seed(*, rng: Random, province: SeededProvince, now: datetime) -> None:
    """Writes the history up to four days before `now`, and the open consults of the demo's own people."""
    rows, places = Rows(rng, now), Places(rng, province)
    canaries = list(CANARY_NAMES)
    weights = [scenario.weight for scenario in SCENARIOS]
    for at in moments(rng, now):
        scenario = rng.choices(SCENARIOS, weights)[0]
        name = canaries.pop() if canaries and rng.random() < 0.01 else ""
        consult = _consult(rows, places, scenario, at, name=name)
        tell(rows, consult, scenario, ending(rng, at=at, now=now), second_id=places.second_doctor(consult))
        _finish(rows, places, consult)
    for hours, state, specialty in OPEN_NOW:
        _open_consult(rows, places, now - timedelta(hours=hours), hours, state, specialty)
    rows.write()
    give_consents(province, now)
    reports = Rows(own_dice(), now)
    add_reports(reports, rows.tables[Consult], province)
    reports.write()


def _consult(
    rows: Rows, places: Places, scenario: Scenario, at: datetime, *, name: str = "", demo: bool = False
) -> Consult:
    """The consult and its patient; `demo` gives it to the demo's own requester, coordinator and expert."""
    people = places.province.people
    requester, requesting = (people["requester"], places.province.hospital_a) if demo else places.requester()
    receiving = places.province.hospital if demo else places.receiver(scenario.specialty, requesting)
    is_demo_expert = demo and scenario.specialty == "cardiology"
    expert = people["expert"] if is_demo_expert else places.expert(scenario.specialty, receiving)
    urgency = "routine" if demo else URGENCIES[rows.rng.choice(scenario.urgencies)]
    patient = _patient(rows, places, scenario, requesting, at, name)
    consult = rows.add(
        Consult(
            id=rows.id_at(at),
            patient=patient,
            requesting_organisation=requesting,
            receiving_organisation=receiving,
            requester=requester,
            coordinator=people["coordinator"] if demo else places.coordinator(receiving),
            expert=expert,
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


def _patient(rows: Rows, places: Places, scenario: Scenario, requesting: Any, at: datetime, name: str) -> Patient:
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


def _finish(rows: Rows, places: Places, consult: Consult) -> None:
    """Scope rows come last: who takes part is known only then."""
    participants = {consult.requesting_organisation_id, consult.receiving_organisation_id}
    add_scope(rows, consult, [(one, places.ancestors(one)) for one in sorted(participants)])


def _open_consult(rows: Rows, places: Places, at: datetime, hours: int, state: str, specialty: str) -> None:
    fitting = [s for s in SCENARIOS if s.specialty == specialty and "r" in s.urgencies]
    scenario = rows.rng.choice([s for s in fitting if s.service_type in _SERVICE_OF.get(state, (s.service_type,))])
    consult = _consult(rows, places, scenario, at, demo=True)
    if state in {"submitted", "in_triage", "awaiting_information"}:
        consult.expert_id = None
    if state == "submitted":
        consult.coordinator_id = None
    second = places.province.people["expert2"].pk
    if state == "awaiting_information":
        tell(rows, consult, scenario, "in_triage", second_id=second, hours=hours)
        wait_for_information(rows, consult, at + timedelta(hours=hours * 0.9))
        consult.state = state
    else:
        tell(rows, consult, scenario, state, second_id=second, hours=hours)
    _finish(rows, places, consult)
