"""What a page of the request shows: the form of one step, the step list, and what the expert needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise

from consult_bridge.completeness import minimum_of
from consult_bridge.models import DraftFileKind, Patient
from consult_bridge.selectors.record import range_for, vitals_shown
from consult_bridge.vocabulary import VITALS, ServiceType
from consult_bridge.web.request_form import RequestForm, empty_rows_after
from consult_bridge.web.request_steps import (
    ANCHORS,
    KEYS,
    STEPS,
    Gap,
    Judged,
    address_of,
    step_of,
    step_with,
    steps_shown,
)
from core.errors import XinglinError

MOST_EMPTY_ROWS = 10
VITAL_NEEDS = ("pulse", "respiration", "systolic", "diastolic")


@dataclass(frozen=True, slots=True)
class Need:
    """One piece of the minimum data; `go` is the step where it is entered."""

    words: str | Promise
    go: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class VitalField:
    field: BoundField
    low: float | None
    high: float | None
    deviation: str


@dataclass(frozen=True, slots=True)
class ErrorShown:
    address: str
    sentence: str


def step_context(
    judged: Judged,
    key: str,
    *,
    now: datetime,
    more_rows: str = "",
    is_refused: bool = False,
    refusal: XinglinError | None = None,
) -> dict[str, Any]:
    """`more_rows` is how many empty laboratory rows were asked for; with `is_refused` the step says what stops it."""
    step = step_of(key)
    has_wrong = any(gap.is_wrong for gap in judged.gaps_of(key))
    form = judged.form if has_wrong or refusal else RequestForm(initial=judged.data.dict(), hospitals=judged.hospitals)
    needs = minimum_of(judged.request.service_type)
    if key != "check":
        form.keep_only(step.fields, {*needs, *(VITAL_NEEDS if "vitals" in needs else ())})
    return {
        "draft_id": judged.draft_id,
        "step": step,
        "number": KEYS.index(key) + 1,
        "total": len(STEPS),
        "steps": steps_shown(judged, key),
        "form": form,
        "labs": _rows(judged, has_wrong=has_wrong, more=more_rows) if key == "measured" else None,
        "vitals": _vital_fields(judged, form, now) if key == "measured" else [],
        "pages": [file for file in judged.files if file.kind == DraftFileKind.PAGE],
        "image_files": [file for file in judged.files if file.kind == DraftFileKind.IMAGE],
        "troubled": [file for file in judged.files if file.problem],
        "needs": [Need(words, step_with(name).key, not _lacks(judged, name)) for name, words in needs.items()],
        "service_label": ServiceType(judged.request.service_type).label,
        "gaps": [(gap, address_of(judged.draft_id, gap.step, gap.anchor)) for gap in judged.gaps],
        "errors": _errors(judged, key, is_refused=is_refused, refusal=refusal),
        "refusal": refusal,
    }


def posted_elsewhere(data: QueryDict, key: str) -> list[tuple[str, str]]:
    """What came with a form that held more than this step: fields that the step's page has no control for."""
    return [(name, value) for name, values in data.lists() if step_with(name).key != key for value in values]


def _lacks(judged: Judged, name: str) -> bool:
    anchor = ANCHORS.get(name, f"id_{name}")
    return any(gap.anchor == anchor for gap in judged.gaps)


def _rows(judged: Judged, *, has_wrong: bool, more: str) -> Any:
    if has_wrong:
        return judged.labs
    return empty_rows_after(judged.data, min(int(more), MOST_EMPTY_ROWS) if more.isdecimal() else None)


def _vital_fields(judged: Judged, form: RequestForm, now: datetime) -> list[VitalField]:
    age = Patient(birth_date=judged.request.patient.birth_date).age_on(timezone.localdate(now))
    shown = {vital.label: vital.deviation for vital in vitals_shown(judged.request.vitals, age)}
    return [VitalField(form[kind], *range_for(kind, age), shown.get(vital.label, "")) for kind, vital in VITALS.items()]


def _errors(judged: Judged, key: str, *, is_refused: bool, refusal: XinglinError | None) -> list[ErrorShown]:
    """The refusal's own sentence first; on the last step everything that is missing, elsewhere what is no answer."""
    if refusal is not None:
        fields: dict[str, Any] = dict(getattr(refusal, "fields", {}))
        return [
            ErrorShown(f"#{ANCHORS.get(name, f'id_{name}')}", str(sentence))
            for name, sentences in (fields or {"attachments": [refusal.sentence()]}).items()
            for sentence in sentences
        ]
    if key == "check":
        return [_elsewhere(judged, gap) for gap in judged.gaps] if is_refused else []
    return [ErrorShown(f"#{gap.anchor}", gap.sentence) for gap in judged.gaps_of(key) if gap.is_wrong]


def _elsewhere(judged: Judged, gap: Gap) -> ErrorShown:
    return ErrorShown(address_of(judged.draft_id, gap.step, gap.anchor), gap.sentence)
