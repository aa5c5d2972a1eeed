"""Clinical situations of the seeded history, read from `history.json`. None speaks of an image: seeded consults carry
none.

Texts follow common guidance: GOLD (chronic obstructive pulmonary disease), GINA (asthma), the Chinese guidelines for
type 2 diabetes, hypertension, heart failure, ischaemic stroke and chest-pain centres, NICE NG9 (bronchiolitis), WHO
(iron deficiency) and the Chinese consensus on organophosphate poisoning. Patients and figures are made up.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA: dict[str, Any] = json.loads((Path(__file__).parent / "history.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Lab:
    """`start` and `step`: the first value's range and how much each later one moves, so that a trend shows."""

    analyte: str
    unit: str
    low: float | None
    high: float | None
    start: list[float]
    step: float
    points: int
    digits: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """`urgencies` has one letter per drawing (r routine, u urgent, s stat); `ages` are years, both included."""

    specialty: str
    service_type: str
    urgencies: str
    ages: list[int]
    subject: str
    question: str
    record: dict[str, str]
    vitals: dict[str, list[float]]
    labs: list[Lab]
    opinion: dict[str, str]
    weight: int


def _scenario(entry: dict[str, Any]) -> Scenario:
    return Scenario(**entry | {"labs": [Lab(**lab) for lab in entry["labs"]]})


SCENARIOS = tuple(_scenario(entry) for entry in DATA["scenarios"])
DECLINE_REASONS: list[str] = DATA["decline_reasons"]
CANCEL_REASONS: list[str] = DATA["cancel_reasons"]
INFORMATION_REASONS: list[str] = DATA["information_reasons"]
COMMENTS: list[str] = DATA["comments"]
