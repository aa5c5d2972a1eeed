"""The request form: patient, question, record with laboratory rows, files. Only shapes are checked here; what a
service type needs is the service's own rule, and which field stands on which step is `request_steps`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from consult_bridge.completeness import is_day_of_life
from consult_bridge.contracts import ConsultRequest, LabRow, PatientData, RecordData
from consult_bridge.plausible import card_differs, wrong_card, wrong_telephone, wrong_vitals
from consult_bridge.selectors.experts import receiving_hospitals
from consult_bridge.vocabulary import SERVICES, SPECIALTIES, VITALS, OnDifference, ServiceType, Sex, Urgency
from consult_bridge.web.fields import DayInput, MultipleFileField
from core.actor import Actor
from directory import api as directory
from media_pipeline.contracts import IMAGE_LIMITS

LAB_ROWS_FIRST = 3
LAB_ROWS_MORE = 1
LAB_ROWS_LIMIT = 60

ALWAYS_CHOSEN = frozenset({"service_type", "urgency", "sex"})
NO_ROWS = {"labs-TOTAL_FORMS": "0", "labs-INITIAL_FORMS": "0"}
PATIENT_FIELDS = ("patient_name", "birth_date", "record_number", "id_number", "phone", "address")
RECORD_FIELDS = tuple(RecordData.__dataclass_fields__)


def _text(label: Any, hint: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": rows})
    )


def _line(label: Any, length: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=length)


@dataclass(frozen=True, slots=True)
class Hospitals:
    """(id, name in the reader's language) of those that can be asked, and of those that the doctor asks for."""

    asked: list[tuple[str, str]]
    asking: list[tuple[str, str]]

    @property
    def has_several_asking(self) -> bool:
        return len(self.asking) > 1


def hospital_choices(actor: Actor, now: datetime) -> Hospitals:
    language = get_language() or "zh-hans"
    own = (directory.get_organisation(pk) for pk in actor.organisation_ids("consult.request"))
    return Hospitals(
        asked=[(str(o.pk), o.display_name(language)) for o in receiving_hospitals(now)],
        asking=[(str(o.pk), o.display_name(language)) for o in own],
    )


class RequestForm(forms.Form):
    use_required_attribute = False

    service_type = forms.ChoiceField(
        label=_("Service type"), widget=forms.RadioSelect(), initial=ServiceType.JOINT_DIAGNOSIS
    )
    urgency = forms.ChoiceField(
        label=pgettext_lazy("consult", "Urgency"),
        choices=Urgency.choices,
        widget=forms.RadioSelect(),
        initial=Urgency.ROUTINE,
    )
    requesting_organisation = forms.ChoiceField(label=_("Hospital that asks"), required=False)
    receiving_organisation = forms.ChoiceField(label=_("Hospital asked"), required=False)
    specialty = forms.ChoiceField(
        label=_("Specialty asked"), choices=[("", _("Choose one")), *SPECIALTIES.items()], required=False
    )
    subject = _line(pgettext_lazy("consult", "Subject"), 80, _("One line that an expert understands in a list."))
    question = _text(_("Question to the expert"), _("What do you want to decide after the answer?"))

    patient_name = _line(pgettext_lazy("consult", "Name"), 60)
    sex = forms.ChoiceField(
        label=_("Sex"),
        help_text=_("“Not known” is for somebody who cannot be identified yet."),
        choices=[("", _("Choose one")), *Sex.choices],
        required=False,
    )
    birth_date = forms.DateField(label=_("Date of birth"), required=False, widget=DayInput())
    on_difference = forms.ChoiceField(
        label=_("Which is right?"), choices=OnDifference.choices, required=False, widget=forms.RadioSelect()
    )
    record_number = _line(_("Patient number"), 64, _("Of your hospital; images carry the same number."))
    accession_number = _line(_("Accession number"), 64, _("Of the examination, so that its images find this consult."))
    id_number = _line(_("Identity card number"), 18, _("Stored encrypted."))
    phone = _line(pgettext_lazy("patient", "Phone"), 20, _("Stored encrypted."))
    address = _line(_("Address"), 120, _("Stored encrypted."))

    chief_complaint = _text(_("Chief complaint"), _("The main symptom and how long."), 2)
    present_history = _text(_("History of the present illness"), "", 5)
    past_history = _text(_("Past history"))
    medication = _text(_("Medication"), _("Drug, dose, since when."))
    allergies = _text(_("Allergies"), _("Write “none known” if there are none."), 2)
    examination = _text(_("Examination"), "", 4)

    attachments = MultipleFileField(
        label=_("Scanned pages"), required=False, help_text=_("PDF, JPEG or PNG, at most 20 MB each.")
    )
    dicom = MultipleFileField(label=_("Images (DICOM)"), required=False, help_text=IMAGE_LIMITS)

    def __init__(self, *args: Any, hospitals: Hospitals, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiving_organisation"].choices = [("", _("Choose one")), *hospitals.asked]
        self.fields["requesting_organisation"].choices = [("", _("Choose one")), *hospitals.asking]
        if not hospitals.has_several_asking:
            del self.fields["requesting_organisation"]
        self.fields["service_type"].choices = [
            (value, f"{label} | {SERVICES[value].responsibility}") for value, label in ServiceType.choices
        ]
        for name in PATIENT_FIELDS:
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for kind, vital in VITALS.items():
            self.fields[kind] = forms.DecimalField(
                label=f"{vital.label} ({vital.unit})", required=False, max_digits=5, decimal_places=1
            )

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born is not None and not is_day_of_life(born, timezone.localdate()):
            raise forms.ValidationError(_("The date of birth lies in the future or before 1900."))
        return born

    def clean(self) -> dict[str, Any]:
        """What nobody can have is said at its field; a value that is no number was told already."""
        data = super().clean() or {}
        for name, judge in (("id_number", wrong_card), ("phone", wrong_telephone)):
            if data.get(name) and (sentence := judge(data[name])):
                self.add_error(name, str(sentence))
        born, sex = data.get("birth_date"), data.get("sex", "")
        if data.get("id_number") and (sentence := card_differs(data["id_number"], born, sex)):
            self.add_error("id_number", str(sentence))
        for kind, sentence in wrong_vitals({kind: data.get(kind) for kind in VITALS}).items():
            self.add_error(kind, str(sentence))
        return data

    @classmethod
    def defaults(cls) -> dict[str, str]:
        return {name: str(field.initial) for name, field in cls.base_fields.items() if field.initial is not None}

    def keep_only(self, names: Collection[str], needed: Collection[str]) -> None:
        """Show one step: the fields of `names`. Those that the service type needs are not called optional."""
        for name in [name for name in self.fields if name not in names]:
            del self.fields[name]
        for name, field in self.fields.items():
            field.required = name in needed or name in ALWAYS_CHOSEN

    def request(self, labs: list[LabRow], *, kept_files: int = 0) -> ConsultRequest:
        """What the service takes. Call after both forms were judged; what is no answer counts as none."""
        data = self.cleaned_data
        receiving: Any = data.get("receiving_organisation") or None
        asking = self._said("requesting_organisation")
        return ConsultRequest(
            requesting_organisation_id=UUID(asking) if asking else None,
            patient=PatientData(
                name=self._said("patient_name"),
                sex=self._said("sex"),
                birth_date=data.get("birth_date"),
                on_difference=self._said("on_difference"),
                **{name: self._said(name) for name in ("record_number", "id_number", "phone", "address")},
            ),
            record=RecordData(**{name: self._said(name) for name in RECORD_FIELDS}),
            receiving_organisation_id=receiving,
            specialty=self._said("specialty"),
            service_type=self._said("service_type") or ServiceType.JOINT_DIAGNOSIS,
            urgency=self._said("urgency") or Urgency.ROUTINE,
            subject=self._said("subject"),
            question=self._said("question"),
            accession_number=self._said("accession_number"),
            vitals={kind: Decimal(data[kind]) for kind in VITALS if data.get(kind) is not None},
            labs=labs,
            kept_files=kept_files,
        )

    def _said(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "").strip()


class LabForm(forms.Form):
    use_required_attribute = False

    analyte = forms.CharField(label=_("Analyte"), max_length=60, required=False)
    value = forms.DecimalField(label=_("Value"), max_digits=12, decimal_places=4, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=24, required=False)
    low = forms.DecimalField(label=_("Lower limit"), max_digits=12, decimal_places=4, required=False)
    high = forms.DecimalField(label=_("Upper limit"), max_digits=12, decimal_places=4, required=False)
    taken_on = forms.DateField(label=_("Taken on"), required=False, widget=DayInput())

    def clean_taken_on(self) -> date | None:
        taken: date | None = self.cleaned_data["taken_on"]
        if taken is not None and not is_day_of_life(taken, timezone.localdate()):
            raise forms.ValidationError(_("This day lies in the future or before 1900."))
        return taken

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and data.get("analyte"):
            for name in ("value", "taken_on"):
                if data.get(name) is None:
                    self.add_error(name, _("Needed for this row."))
            low, high = data.get("low"), data.get("high")
            if low is not None and high is not None and low > high:
                self.add_error("high", _("The upper limit is below the lower one."))
        elif not self.errors and data.get("value") is not None:
            self.add_error("analyte", _("Name what was measured."))
        return data

    def deviation(self) -> str:
        """ "high" or "low" for what stands in the row now, empty inside the range or without a number."""
        value, low, high = (_number(self[name].value()) for name in ("value", "low", "high"))
        if value is not None and high is not None and value > high:
            return "high"
        return "low" if value is not None and low is not None and value < low else ""


def _number(typed: Any) -> Decimal | None:
    """None also for what `Decimal` reads and no laboratory measures: "nan" cannot be compared, nothing is infinite."""
    try:
        number = Decimal(str(typed))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


class LabRows(forms.BaseFormSet):
    def rows(self) -> list[LabRow]:
        return [
            LabRow(
                analyte=data["analyte"].strip(),
                value=data["value"],
                unit=data["unit"].strip(),
                low=data["low"],
                high=data["high"],
                taken_on=data["taken_on"],
            )
            for data in (form.cleaned_data for form in self.forms if form.is_valid())
            if data.get("analyte")
        ]


def _form_set(extra: int) -> Any:
    return forms.formset_factory(LabForm, formset=LabRows, extra=extra, max_num=LAB_ROWS_LIMIT)


def lab_rows(data: MultiValueDict[str, str]) -> LabRows:
    """The laboratory rows as they were typed, to be judged."""
    rows: LabRows = _form_set(0)(data if "labs-TOTAL_FORMS" in data else NO_ROWS, prefix="labs")
    return rows


def renumbered(fields: Mapping[str, list[str]], *, without: str = "") -> dict[str, list[str]]:
    """The fields with their laboratory rows numbered anew: no empty row between, and not the one called `without`."""
    rest = {name: values for name, values in fields.items() if not name.startswith("labs-")}
    if "labs-TOTAL_FORMS" not in fields:
        return rest
    rows = [
        {name: fields.get(f"labs-{number}-{name}", [""]) for name in LabForm.base_fields}
        for number in range(LAB_ROWS_LIMIT)
        if str(number) != without
    ]
    rows = [row for row in rows if any(values[0] for values in row.values())]
    for number, row in enumerate(rows):
        rest |= {f"labs-{number}-{name}": values for name, values in row.items()}
    return rest | {"labs-TOTAL_FORMS": [str(len(rows))], "labs-INITIAL_FORMS": ["0"]}


def empty_rows_after(data: MultiValueDict[str, str], more: int | None = None) -> LabRows:
    """The rows as they were typed, not judged, without those left empty, and `more` empty ones below."""
    typed = [
        {name: data.get(f"labs-{row}-{name}", "") for name in LabForm.base_fields} for row in range(LAB_ROWS_LIMIT)
    ]
    typed = [row for row in typed if any(row.values())]
    extra = (LAB_ROWS_MORE if typed else LAB_ROWS_FIRST) if more is None else more
    rows: LabRows = _form_set(extra)(prefix="labs", initial=typed)
    return rows
