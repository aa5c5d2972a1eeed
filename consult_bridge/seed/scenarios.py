"""Clinical situations of the seeded history, read from `history.json`. None speaks of an image: seeded consults carry
none.

Texts follow common guidance: GOLD (chronic obstructive pulmonary disease), GINA (asthma), the Chinese guidelines for
type 2 diabetes, hypertension, heart failure, ischaemic stroke and chest-pain centres, NICE NG9 (bronchiolitis), WHO
(iron deficiency) and the Chinese consensus on organophosphate poisoning. Patients and figures are made up.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA: dict[str, Any] = json.loads((Path(__file__).parent / "history.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Lab:
    """`start` and `step`: the first value's range and how much each later one moves, so that a trend shows.

    Reference ranges are those of WS/T 404.1 and 404.5 (adults, by sex) and WS/T 779-2021 (children).
    """

    analyte: str
    unit: str
    low: float | dict[str, float] | None
    high: float | dict[str, float] | None
    start: list[float]
    step: float
    points: int
    digits: int

    def range_for(self, sex: str) -> tuple[Decimal | None, Decimal | None]:
        """The lower and the upper limit for this sex; None where there is none."""
        low, high = (limit[sex] if isinstance(limit, dict) else limit for limit in (self.low, self.high))
        return _decimal(low), _decimal(high)


def _decimal(limit: float | None) -> Decimal | None:
    return None if limit is None else Decimal(str(limit))


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
