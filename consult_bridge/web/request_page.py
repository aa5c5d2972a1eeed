"""What a page of the request shows: the form of one step, the step list, and what the expert needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
from core.numbers import whole_number

MOST_EMPTY_ROWS = 10
MOST_SHOWN = 6
"""So many image files stand each on a line; more are one line that opens."""
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
        "folded_images": _folded(judged),
        "pages": [file for file in judged.files if file.kind == DraftFileKind.PAGE],
        "image_files": [file for file in judged.files if file.kind == DraftFileKind.IMAGE],
        "troubled": [file for file in judged.files if file.problem],
        "needs": [Need(words, step_with(name).key, not _lacks(judged, name)) for name, words in needs.items()],
        "service_label": ServiceType(judged.request.service_type).label,
        "missing": [_elsewhere(judged, gap) for gap in judged.gaps if not gap.is_wrong],
        "wrong": [_elsewhere(judged, gap) for gap in judged.gaps if gap.is_wrong],
        "refused_because": _because(judged) if key == "check" and is_refused and not refusal else "",
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
    asked = whole_number(more)
    return empty_rows_after(judged.data, None if asked is None else min(asked, MOST_EMPTY_ROWS))


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


def _folded(judged: Judged) -> int:
    """How many image files one line stands for; none where there are few, or one of them will not be stored."""
    images = [file for file in judged.files if file.kind == DraftFileKind.IMAGE]
    return len(images) if len(images) > MOST_SHOWN and not any(file.problem for file in images) else 0


def _because(judged: Judged) -> str:
    """Why it was not sent: how much is missing, and how much is there and no answer."""
    wrong = sum(gap.is_wrong for gap in judged.gaps)
    missing = len(judged.gaps) - wrong
    lacks = ngettext("%(n)s thing is missing", "%(n)s things are missing", missing) % {"n": missing}
    corrects = ngettext("%(n)s entry to correct", "%(n)s entries to correct", wrong) % {"n": wrong}
    if missing and wrong:
        return _("Not sent: %(missing)s, %(wrong)s") % {"missing": lacks, "wrong": corrects}
    return _("Not sent: %(what)s") % {"what": corrects if wrong else lacks}


def _elsewhere(judged: Judged, gap: Gap) -> ErrorShown:
    return ErrorShown(address_of(judged.draft_id, gap.step, gap.anchor), gap.sentence)
