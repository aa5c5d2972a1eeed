"""Adult ranges judge adults only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from consult_bridge.models import VitalSign
from consult_bridge.seed.scenarios import SCENARIOS
from consult_bridge.selectors.record import vitals_of
from tests.factories.consults import consult_in


@pytest.mark.parametrize(
    ("born", "deviation"),
    [
        (date(2026, 3, 1), ""),
        (date(2008, 11, 23), ""),
        (date(2008, 11, 22), "high"),
        (date(1959, 3, 14), "high"),
        (None, ""),
    ],
)
def test_a_pulse_of_140_is_high_for_an_adult_and_not_judged_in_a_child(bridge, now, born, deviation):
    consult = consult_in(bridge, "submitted", now)
    consult.patient.birth_date = born
    consult.vitals.all().delete()
    VitalSign.objects.create(consult=consult, kind="pulse", value=Decimal(140), unit="/min", taken_at=now)
    [shown] = vitals_of(consult)
    assert shown.deviation == deviation


def test_seeded_creatinine_has_the_range_of_the_patients_sex():
    labs = [lab for scenario in SCENARIOS for lab in scenario.labs if lab.analyte == "肌酐"]
    assert {lab.range_for("female") for lab in labs} == {(Decimal(41), Decimal(81))}
    assert {lab.range_for("male") for lab in labs} == {(Decimal(57), Decimal(111))}
