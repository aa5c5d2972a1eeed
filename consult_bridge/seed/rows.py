"""One seeded consult as rows: patient, record, steps, opinion, feedback. Everything is bulk-inserted at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from consult_bridge.models import (
    ClinicalRecord,
    Consult,
    ConsultScope,
    ConsultStep,
    ConsultThread,
    CriticalValue,
    Feedback,
    LabResult,
    Opinion,
    OpinionRevision,
    Patient,
    Report,
    ReportRevision,
    VitalSign,
)
from consult_bridge.seed.scenarios import Lab, Scenario
from consult_bridge.vocabulary import VITALS
from core.actor import organisation_token
from core.ids import seeded_uuid7

BATCH = 400


@dataclass
class Rows:
    """Collected rows, written in the order of their foreign keys."""

    rng: Random
    now: datetime
    tables: dict[type, list[Any]] = field(default_factory=dict)

    def add(self, row: Any) -> Any:
        self.tables.setdefault(type(row), []).append(row)
        return row

    def id_at(self, moment: datetime) -> UUID:
        return seeded_uuid7(self.rng, moment)

    def write(self) -> None:
        for model in (
            Patient,
            Consult,
            ConsultThread,
            ConsultScope,
            ConsultStep,
            ClinicalRecord,
            VitalSign,
            LabResult,
            Opinion,
            OpinionRevision,
            Report,
            ReportRevision,
            CriticalValue,
            Feedback,
        ):
            model._base_manager.bulk_create(self.tables.get(model, []), batch_size=BATCH)


def add_record(rows: Rows, consult: Consult, scenario: Scenario) -> None:
    rows.add(ClinicalRecord(consult=consult, **scenario.record))
    for kind, (low, high) in scenario.vitals.items():
        digits = 1 if kind in {"temperature", "weight"} else 0
        rows.add(
            VitalSign(
                consult=consult,
                kind=kind,
                value=_figure(rows.rng.uniform(low, high), digits),
                unit=VITALS[kind].unit,
                taken_at=consult.created_at,
            )
        )
    for position, lab in enumerate(scenario.labs):
        _add_lab(rows, consult, lab, position)


def _add_lab(rows: Rows, consult: Consult, lab: Lab, position: int) -> None:
    """The trend ends on the day before the request; earlier points lie one to three weeks apart."""
    value = rows.rng.uniform(*lab.start)
    low, high = lab.range_for(consult.patient.sex)
    day = timezone.localdate(consult.created_at) - timedelta(days=1)
    days = [day - timedelta(days=14 * back) for back in reversed(range(lab.points))]
    for place, taken_on in enumerate(days):
        rows.add(
            LabResult(
                consult=consult,
                analyte=lab.analyte,
                value=_figure(value + lab.step * place, lab.digits),
                unit=lab.unit,
                low=low,
                high=high,
                taken_on=taken_on,
                position=position,
            )
        )


def _figure(value: float, digits: int) -> Decimal:
    return Decimal(f"{value:.{digits}f}")


def add_scope(rows: Rows, consult: Consult, organisations: Iterable[tuple[UUID, list[UUID]]]) -> None:
    """`organisations` are participants, each with its ancestors and itself."""
    for participant, ancestors in organisations:
        for ancestor in ancestors:
            rows.add(
                ConsultScope(
                    consult=consult, participant=organisation_token(participant), token=organisation_token(ancestor)
                )
            )


def add_step(
    rows: Rows, consult: Consult, verb: str, state: str, at: datetime, person_id: UUID | None, note: str = ""
) -> None:
    rows.add(
        ConsultStep(
            id=rows.id_at(at),
            consult=consult,
            verb=verb,
            to_state=state,
            person_id=person_id,
            assigned_to_id=consult.expert_id if verb == "assign" else None,
            note=note,
            happened_at=at,
        )
    )


def birth_date(rng: Random, ages: list[int], on: date) -> date:
    """A date of birth that makes the patient `ages` years old on a day, both bounds included."""
    return on - timedelta(days=rng.randint(ages[0] * 365 + 40, ages[1] * 365 + 330))
