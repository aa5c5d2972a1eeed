"""The request form: patient, question, record with laboratory rows, files. Only shapes are checked here; what a
service type needs is the service's own rule."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from consult_bridge.contracts import ConsultRequest, LabRow, PatientData, RecordData
from consult_bridge.selectors.experts import receiving_hospitals
from consult_bridge.vocabulary import SERVICES, SPECIALTIES, VITALS, ServiceType, Sex, Urgency
from consult_bridge.web.fields import DayInput, MultipleFileField
from core.errors import Invalid

LAB_ROWS = 4
LAB_ROWS_LIMIT = 60
ERROR_FIELD = {"vitals": "pulse", "evidence": "dicom", "patient_name": "patient_name"}
"""Where on the form an error of the service stands when the names differ."""

RECORD_FIELDS = (
    "chief_complaint",
    "present_history",
    "past_history",
    "medication",
    "allergies",
    "examination",
)


def _text(label: Any, hint: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": rows})
    )


def _line(label: Any, length: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=length)


class RequestForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput())

    service_type = forms.ChoiceField(
        label=_("Service type"), widget=forms.RadioSelect(), initial=ServiceType.JOINT_DIAGNOSIS
    )
    urgency = forms.ChoiceField(
        label=pgettext_lazy("consult", "Urgency"),
        choices=Urgency.choices,
        widget=forms.RadioSelect(),
        initial=Urgency.ROUTINE,
    )
    receiving_organisation = forms.ChoiceField(label=_("Hospital asked"))
    specialty = forms.ChoiceField(label=_("Specialty asked"), choices=list(SPECIALTIES.items()))
    subject = _line(pgettext_lazy("consult", "Subject"), 80, _("One line that an expert understands in a list."))
    question = _text(_("Question to the expert"), _("What do you want to decide after the answer?"))

    patient_name = _line(pgettext_lazy("consult", "Name"), 60)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN)
    birth_date = forms.DateField(label=_("Date of birth"), required=False, widget=DayInput())
    record_number = _line(_("Patient number"), 64, _("Of your hospital; images carry the same number."))
    accession_number = _line(_("Accession number"), 64, _("Of the examination, so that its images find this consult."))
    id_number = _line(_("Identity card number"), 18, _("Stored encrypted."))
    phone = _line(_("Phone"), 20, _("Stored encrypted."))
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
    dicom = MultipleFileField(label=_("Images (DICOM)"), required=False, help_text=_("DICOM files or one ZIP of them."))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        hospitals = self.fields["receiving_organisation"]
        hospitals.choices = [(str(o.pk), o.display_name(language)) for o in receiving_hospitals(now)]
        self.fields["service_type"].choices = [
            (value, f"{label} | {SERVICES[value].responsibility}") for value, label in ServiceType.choices
        ]
        for kind, vital in VITALS.items():
            self.fields[kind] = forms.DecimalField(
                label=f"{vital.label} ({vital.unit})", required=False, min_value=0, max_value=1000, decimal_places=1
            )

    def vital_fields(self) -> list[Any]:
        return [self[kind] for kind in VITALS]

    def record_fields(self) -> list[Any]:
        return [self[name] for name in RECORD_FIELDS]

    def request(self, labs: list[LabRow]) -> ConsultRequest:
        """What the service takes. Call after both forms are valid."""
        data = self.cleaned_data
        return ConsultRequest(
            patient=PatientData(
                name=data["patient_name"].strip(),
                sex=data["sex"],
                birth_date=data["birth_date"],
                **{name: data[name].strip() for name in ("record_number", "id_number", "phone", "address")},
            ),
            record=RecordData(**{name: data[name].strip() for name in RECORD_FIELDS}),
            receiving_organisation_id=data["receiving_organisation"],
            specialty=data["specialty"],
            service_type=data["service_type"],
            urgency=data["urgency"],
            subject=data["subject"].strip(),
            question=data["question"].strip(),
            accession_number=data["accession_number"].strip(),
            vitals={kind: Decimal(data[kind]) for kind in VITALS if data[kind] is not None},
            labs=labs,
            attachments=data["attachments"],
            image_count=len(data["dicom"]),
        )

    def show(self, error: Invalid) -> None:
        """Put a service's sentences beside the fields they are about."""
        for name, sentences in error.fields.items():
            place = ERROR_FIELD.get(name, name)
            for sentence in sentences:
                self.add_error(place if place in self.fields else None, str(sentence))
        if not error.fields:
            self.add_error(None, error.sentence())


class LabForm(forms.Form):
    analyte = forms.CharField(label=_("Analyte"), max_length=60, required=False)
    value = forms.DecimalField(label=_("Value"), max_digits=12, decimal_places=4, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=24, required=False)
    low = forms.DecimalField(label=_("Lower limit"), max_digits=12, decimal_places=4, required=False)
    high = forms.DecimalField(label=_("Upper limit"), max_digits=12, decimal_places=4, required=False)
    taken_on = forms.DateField(label=_("Taken on"), required=False, widget=DayInput())

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
            for data in (form.cleaned_data for form in self.forms)
            if data.get("analyte")
        ]


LabFormSet: Any = forms.formset_factory(LabForm, formset=LabRows, extra=LAB_ROWS, max_num=LAB_ROWS_LIMIT)
