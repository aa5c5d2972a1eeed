"""Twelve months of consults in the seeded province: growing, uneven, some hospitals silent, one figure for every page.

Equal seeds give equal rows. The audit trail starts with the installation: seeded history has no entries in it.
"""

from __future__ import annotations

from datetime import datetime
from random import Random

from consult_bridge.models import Consult
from consult_bridge.seed.building import add_consult, add_patient, add_scopes
from consult_bridge.seed.calendar import moments
from consult_bridge.seed.consents import give_consents
from consult_bridge.seed.history import ending, tell
from consult_bridge.seed.names import CANARY_NAMES
from consult_bridge.seed.open_now import add_open_consults
from consult_bridge.seed.places import Places
from consult_bridge.seed.reports import add_reports, own_dice
from consult_bridge.seed.rows import Rows
from consult_bridge.seed.scenarios import SCENARIOS, Scenario
from directory.api import SeededProvince

URGENCIES = {"r": "routine", "u": "urgent", "s": "stat"}


def seed(*, rng: Random, province: SeededProvince, now: datetime) -> None:
    """Writes the history up to four days before `now`, and the open consults of the demo's own people."""
    rows, places = Rows(rng, now), Places(rng, province)
    canaries = list(CANARY_NAMES)
    weights = [scenario.weight for scenario in SCENARIOS]
    for at in moments(rng, now):
        scenario = rng.choices(SCENARIOS, weights)[0]
        name = canaries.pop() if canaries and rng.random() < 0.01 else ""
        consult = _past_consult(rows, places, scenario, at, name)
        tell(rows, consult, scenario, ending(rng, at=at, now=now), second_id=places.second_doctor(consult))
        add_scopes(rows, places, consult)
    add_open_consults(rows, places, now)
    rows.write()
    give_consents(province, now)
    reports = Rows(own_dice(), now)
    add_reports(reports, rows.tables[Consult], province)
    reports.write()


def _past_consult(rows: Rows, places: Places, scenario: Scenario, at: datetime, name: str) -> Consult:
    requester, requesting = places.requester()
    receiving = places.receiver(scenario.specialty, requesting)
    expert = places.expert(scenario.specialty, receiving)
    urgency = URGENCIES[rows.rng.choice(scenario.urgencies)]
    patient = add_patient(rows, places, scenario, requesting, at, name)
    return add_consult(
        rows,
        scenario,
        at,
        id=rows.id_at(at),
        patient=patient,
        requesting_organisation=requesting,
        receiving_organisation=receiving,
        requester=requester,
        coordinator=places.coordinator(receiving),
        expert=expert,
        urgency=urgency,
    )
