"""The steps of a request: which field stands where, and what each step still lacks.

A step may be left incomplete; only the last one insists. What a service type needs is the service's own rule
(`completeness`); here it is only sorted by step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult_bridge.completeness import missing_from
from consult_bridge.contracts import ConsultRequest
from consult_bridge.models import DraftFile
from consult_bridge.vocabulary import VITALS
from consult_bridge.web.request_form import PATIENT_FIELDS, RECORD_FIELDS, Hospitals, LabRows, RequestForm, lab_rows
from core.ui.tags.fields import summary_errors

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """`wants` are names of the minimum data that this step answers, where they are not fields of the form."""

    key: str
    label: Text
    fields: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()


STEPS = (
    Step(
        "asked",
        _("What is asked"),
        (
            "service_type",
            "urgency",
            "requesting_organisation",
            "receiving_organisation",
            "specialty",
            "subject",
            "question",
        ),
    ),
    Step(
        "patient",
        pgettext_lazy("consult", "Patient"),
        (*PATIENT_FIELDS[:1], "sex", *PATIENT_FIELDS[1:], "on_difference"),
    ),
    Step("record", _("Record"), RECORD_FIELDS),
    Step("measured", _("Vital signs and laboratory"), tuple(VITALS), ("vitals",)),
    Step("files", _("Images and pages"), ("accession_number", "dicom", "attachments"), ("evidence",)),
    Step("check", _("Check and submit")),
)
KEYS = tuple(step.key for step in STEPS)
ANCHORS = {
    "service_type": "id_service_type_0",
    "urgency": "id_urgency_0",
    "on_difference": "id_on_difference_0",
    "vitals": "id_pulse",
    "evidence": "id_dicom",
}


def step_of(key: str) -> Step:
    """The step of this key; the first for any other."""
    return STEPS[KEYS.index(key)] if key in KEYS else STEPS[0]


def step_with(name: str) -> Step:
    """The step on which a field or a piece of the minimum data is entered."""
    if name.startswith("labs-"):
        return step_of("measured")
    return next((step for step in STEPS if name in step.fields or name in step.wants), STEPS[0])


def neighbour(key: str, by: int) -> str:
    return KEYS[min(max(KEYS.index(key) + by, 0), len(KEYS) - 1)]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something to add or to correct; `anchor` is the id of its control on its step."""

    step: str
    anchor: str
    sentence: str
    is_wrong: bool = False


@dataclass(slots=True)
class Judged:
    """A request as it was typed so far, and what an expert would still miss."""

    draft_id: UUID
    data: QueryDict
    form: RequestForm
    labs: LabRows
    files: Sequence[DraftFile]
    hospitals: Hospitals
    request: ConsultRequest
    gaps: list[Gap] = field(default_factory=list)

    def gaps_of(self, key: str) -> list[Gap]:
        return [gap for gap in self.gaps if gap.step == key]


def judge(draft_id: UUID, data: MultiValueDict[str, str], files: Sequence[DraftFile], hospitals: Hospitals) -> Judged:
    """Read everything that was typed, and say what is missing for the chosen service type and what is no answer."""
    full = completed(data)
    form = RequestForm(full, hospitals=hospitals)
    labs = lab_rows(data)
    form.is_valid()
    labs.is_valid()
    request = form.request(labs.rows(), kept_files=sum(not file.problem for file in files))
    gaps = [
        Gap(step_with(name).key, ANCHORS.get(name, f"id_{name}"), str(sentence))
        for name, sentence in _missing(request, hospitals).items()
        if name not in form.errors
    ]
    gaps += [
        Gap(step_with(anchor.removeprefix("id_")).key, anchor, sentence, is_wrong=True)
        for one in (form, *labs.forms)
        for anchor, sentence in summary_errors(one)
    ]
    return Judged(draft_id, full, form, labs, files, hospitals, request, gaps)


def _missing(request: ConsultRequest, hospitals: Hospitals) -> dict[str, Text]:
    """What the service type needs, and for which hospital a doctor of several asks."""
    missing = missing_from(request)
    if hospitals.has_several_asking and request.requesting_organisation_id is None:
        return {"requesting_organisation": _("The hospital where the patient is")} | missing
    return missing


def completed(data: MultiValueDict[str, str]) -> QueryDict:
    """What was typed, with the defaults of the steps that nobody has opened yet."""
    full = QueryDict(mutable=True)
    for name, default in RequestForm.defaults().items():
        full[name] = default
    for name, values in data.lists():
        full.setlist(name, values)
    return full


@dataclass(frozen=True, slots=True)
class StepShown:
    """One line of the step list. `state` is now, done, wrong, missing, open (nothing needed, nothing typed)."""

    key: str
    number: int
    label: Text
    state: str
    is_now: bool
    missing: tuple[str, ...]
    wrong: tuple[str, ...]


def steps_shown(judged: Judged, current: str) -> list[StepShown]:
    return [_shown(judged, step, number, current) for number, step in enumerate(STEPS, start=1)]


def _shown(judged: Judged, step: Step, number: int, current: str) -> StepShown:
    gaps = judged.gaps if step.key == "check" else judged.gaps_of(step.key)
    wrong = tuple(gap.sentence for gap in gaps if gap.is_wrong)
    missing = tuple(gap.sentence for gap in gaps if not gap.is_wrong)
    state = "wrong" if wrong else "missing" if missing else "done" if _has_entry(judged, step) else "open"
    return StepShown(step.key, number, step.label, state, step.key == current, missing, wrong)


def _has_entry(judged: Judged, step: Step) -> bool:
    """Whether anything stands on this step; the last one has something once nothing is missing."""
    if step.key == "check":
        return True
    if step.key == "files" and judged.files:
        return True
    if step.key == "measured" and judged.request.labs:
        return True
    return any(judged.form.data.get(name) for name in step.fields)


def first_to_do(judged: Judged) -> str:
    """Where somebody goes on: the first step with something missing or wrong, else the check."""
    return next((key for key in KEYS if judged.gaps_of(key)), "check")


def address_of(draft_id: UUID, key: str, anchor: str = "") -> str:
    address = f"{reverse('consult_bridge:draft', args=[draft_id])}?step={key}"
    return f"{address}#{anchor}" if anchor else address
