"""The clinical record as a page shows it: vitals with a word, laboratory rows with a trend, steps with their times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from consult_bridge.models import Consult, ConsultStep, LabResult, Report
from consult_bridge.states import CONSULT, STEP_OF, STEPS
from consult_bridge.vocabulary import VITALS

ADULT_YEARS = 18

TREND_POINTS = 6


@dataclass(frozen=True, slots=True)
class VitalShown:
    label: str | Promise
    value: str
    unit: str
    deviation: str


@dataclass(frozen=True, slots=True)
class LabShown:
    """The latest value of an analyte and the ones before it, oldest first."""

    analyte: str
    unit: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    taken_on: date
    deviation: str
    trend: tuple[float, ...]

    @property
    def trend_label(self) -> str:
        return f"{self.analyte}: " + ", ".join(f"{point:g}" for point in self.trend)

    @property
    def band_low(self) -> float | None:
        """The range as a band; without a lower limit it starts at zero."""
        if self.high is None:
            return None
        return float(self.low) if self.low is not None else 0.0

    @property
    def band_high(self) -> float | None:
        return float(self.high) if self.high is not None else None

    @property
    def tone(self) -> str:
        return "bad" if self.deviation else ""


@dataclass(frozen=True, slots=True)
class StepShown:
    label: str | Promise
    state: str  # "done", "now" or "todo"
    at: datetime | None
    note: str | Promise = ""


def plain(number: Decimal) -> str:
    """A stored decimal without the zeros of its column: 11.8000 -> 11.8, 51.00 -> 51."""
    return f"{number.normalize():f}"


def vitals_of(consult: Consult) -> list[VitalShown]:
    latest = {v.kind: v for v in consult.vitals.order_by("taken_at")}
    age = consult.patient.age_on(timezone.localdate(consult.created_at))
    return vitals_shown({kind: vital.value for kind, vital in latest.items()}, age)


def vitals_shown(values: Mapping[str, Decimal], age: int | None) -> list[VitalShown]:
    """In the order of the vocabulary, each judged for this age."""
    return [
        VitalShown(vital.label, plain(values[kind]), vital.unit, _deviation(kind, values[kind], age))
        for kind, vital in VITALS.items()
        if kind in values
    ]


def range_for(kind: str, age: int | None) -> tuple[float | None, float | None]:
    """The limits outside which a value of this kind is said to be high or low; none for a child or an unknown age."""
    vital = VITALS[kind]
    return (vital.low, vital.high) if age is not None and age >= ADULT_YEARS else (None, None)


def _deviation(kind: str, value: Decimal, age: int | None) -> str:
    """The ranges are those of adults: a child's or an unknown age is not judged by them."""
    low, high = range_for(kind, age)
    if high is not None and value > Decimal(str(high)):
        return "high"
    if low is not None and value < Decimal(str(low)):
        return "low"
    return ""


def labs_of(consult: Consult) -> list[LabShown]:
    return labs_shown(consult.labs.all())


def labs_shown(results: Iterable[LabResult]) -> list[LabShown]:
    """One row per analyte and unit, what is out of range first."""
    rows = sorted(results, key=lambda r: (r.position, r.analyte, r.unit, r.taken_on, r.pk or 0))
    shown = [_lab(list(group)) for _key, group in groupby(rows, key=lambda r: (r.position, r.analyte, r.unit))]
    return sorted(shown, key=lambda lab: not lab.deviation)


def _lab(rows: list[LabResult]) -> LabShown:
    last = rows[-1]
    return LabShown(
        analyte=last.analyte,
        unit=last.unit,
        value=last.value,
        low=last.low,
        high=last.high,
        taken_on=last.taken_on,
        deviation=last.deviation,
        trend=tuple(float(row.value) for row in rows[-TREND_POINTS:]),
    )


def steps_of(consult: Consult, history: list[ConsultStep]) -> list[StepShown]:
    """The seven steps: when each was first entered, and where the consult stands."""
    reached = STEP_OF[consult.state]
    if consult.state == "awaiting_information":
        reached = STEP_OF.get(consult.resume_state, 1)
    entered: dict[int, datetime] = {}
    for step in history:
        if step.to_state != "awaiting_information":
            entered.setdefault(STEP_OF[step.to_state], step.happened_at)
    is_over = consult.state in CONSULT.final
    shown = []
    for number, (name, label) in enumerate(STEPS):
        state = "done" if number < reached or (is_over and number == reached) else "todo"
        if number == reached and not is_over:
            state = "now"
        at = entered.get(number) if number <= reached else None
        is_left_out = state == "done" and at is None and name == "under_review"
        shown.append(StepShown(label, state, at, _("not required") if is_left_out else ""))
    return shown


PROPOSED = "teaching_proposed"
"""The step of a proposal for teaching, which not everybody at the consult may know of."""

VERB_WORDS = {
    "submit": pgettext_lazy("consult", "Submitted"),
    "start_triage": _("Taken up by triage"),
    "assign": _("Assigned"),
    "request_information": _("More information asked for"),
    "accept": pgettext_lazy("history", "Accepted"),
    "hand_back": _("Handed back to triage"),
    "schedule": _("Scheduled"),
    "start_session": _("Session began"),
    "start_drafting": _("Opinion begun"),
    "submit_opinion": _("Opinion submitted for review"),
    "return_opinion": _("Opinion returned to the writer"),
    "take_back_opinion": _("Opinion taken back by its writer"),
    "sign": _("Opinion checked and signed"),
    "opinion_amendment_submitted": _("Correction of the opinion submitted for review"),
    "opinion_amendment_returned": _("Correction of the opinion returned to its writer"),
    "opinion_amendment_taken_back": _("Correction of the opinion taken back by its writer"),
    "opinion_amendment_given_up": _("Correction of the opinion given up by its writer"),
    "opinion_amended": _("Opinion corrected"),
    "close": _("Closed with feedback"),
    PROPOSED: _("Proposed as a teaching case"),
    "decline": pgettext_lazy("history", "Declined"),
    "cancel": pgettext_lazy("consult", "Cancelled"),
    "expire": _("Expired: no information came"),
    "report_submitted": _("Imaging report submitted for review"),
    "report_returned": _("Imaging report returned to its writer"),
    "report_taken_back": _("Imaging report taken back by its writer"),
    "report_given_up": _("Imaging report given up by its writer"),
    "report_signed": _("Imaging report checked and signed"),
    "report_amended": _("Imaging report corrected"),
    "critical_raised": _("Critical value told to the requesting doctor"),
    "critical_acknowledged": _("Critical value acknowledged"),
    "critical_overdue": _("Critical value not acknowledged in time: coordinators told"),
    "critical_withdrawn": _("Critical value not confirmed by the second doctor"),
}


TROUBLE = frozenset({"decline", "cancel", "expire", "critical_raised", "critical_overdue", "critical_withdrawn"})


def history_entries(history: list[ConsultStep], state: str) -> list[dict[str, object]]:
    """The steps as a timeline draws them; the last one is where the consult stands."""
    entries: list[dict[str, object]] = []
    for place, step in enumerate(history, start=1):
        words = str(VERB_WORDS.get(step.verb, _("Information supplied")))
        if step.assigned_to:
            words = gettext("Assigned to %(name)s") % {"name": step.assigned_to.name}
        is_last = place == len(history) and state not in CONSULT.final
        tone = "bad" if step.verb in TROUBLE else ("now" if is_last else "done")
        entries.append(
            {
                "text": f"{words}: {step.note}" if step.note else words,
                "at": step.happened_at,
                "who": step.person.name if step.person else "",
                "state": tone,
            }
        )
    return entries


def last_assignment(consult: Consult) -> ConsultStep | None:
    """Who gave it to the expert who has it now, and when; None while nobody has it."""
    if consult.expert_id is None:
        return None
    steps = consult.steps.filter(verb="assign").select_related("person")
    return steps.order_by("-happened_at", "-id").first()


def note_to_expert(consult: Consult, history: Sequence[ConsultStep]) -> ConsultStep | None:
    """What the consult centre wrote to the expert who has it now, where it wrote something."""
    steps = (step for step in reversed(history) if step.verb == "assign")
    last = next(steps, None)
    return last if last is not None and last.note and last.assigned_to_id == consult.expert_id else None


def last_question(history: Sequence[ConsultStep]) -> str:
    """What was asked for last; empty when nothing was."""
    return next((step.note for step in reversed(history) if step.verb == "request_information"), "")


def answered_questions(history: Sequence[ConsultStep]) -> list[ConsultStep]:
    """Each question to the requesting hospital, followed by its answer; one that still waits is not among them."""
    found: list[ConsultStep] = []
    question: ConsultStep | None = None
    for step in history:
        if step.verb == "request_information":
            question = step
        elif question is not None and step.verb.startswith("resume_"):
            found += [question, step]
            question = None
    return found


def fresh_answer(history: Sequence[ConsultStep]) -> ConsultStep | None:
    """What was supplied last, where the consult has not moved on since; reports go their own way."""
    moves = (step for step in reversed(history) if not step.verb.startswith(("report_", "critical_", "opinion_")))
    last = next(moves, None)
    return last if last is not None and last.verb.startswith("resume_") else None


def signed_reports(consult: Consult) -> QuerySet[Report]:
    """The versions of the imaging reports that are in force, for paper."""
    rows = Report.unscoped.filter(consult=consult, state="signed").select_related("written_by", "signed_by", "amends")
    return rows.order_by("signed_at", "pk")
