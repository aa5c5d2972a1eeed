"""The small forms of a consult: one decision each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult_bridge.errors import ReadBackMissing
from consult_bridge.models import ConsentGiver, Outcome, Report
from consult_bridge.opinion_templates import REPORT_TEMPLATES, TEMPLATES
from consult_bridge.selectors.consults import Filters
from consult_bridge.selectors.experts import ExpertLoad
from consult_bridge.services.reports import ReportText
from consult_bridge.states import CONSULT
from consult_bridge.vocabulary import SPECIALTIES, ServiceType, Urgency
from consult_bridge.web.conflict import MayBeStaleForm, RefusableForm
from consult_bridge.web.fields import DayInput, MultipleFileField
from core.ui.idempotency import FormKeyMixin
from media_pipeline.contracts import IMAGE_LIMITS

_ALL = [("", pgettext_lazy("filter", "All"))]


class FilterForm(forms.Form):
    """The bar above a list; every field may stay empty."""

    q = forms.CharField(label=_("Search patient or subject"), required=False, max_length=60)
    specialty = forms.ChoiceField(
        label=pgettext_lazy("consult", "Specialty"), choices=[*_ALL, *SPECIALTIES.items()], required=False
    )
    service_type = forms.ChoiceField(label=_("Service type"), choices=[*_ALL, *ServiceType.choices], required=False)
    urgency = forms.ChoiceField(
        label=pgettext_lazy("consult", "Urgency"), choices=[*_ALL, *Urgency.choices], required=False
    )
    state = forms.ChoiceField(label=_("State"), choices=[*_ALL, *CONSULT.choices], required=False)

    def filters(self) -> Filters:
        """A value that is none of the choices filters nothing."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            text=data.get("q", ""),
            specialty=data.get("specialty", ""),
            service_type=data.get("service_type", ""),
            urgency=data.get("urgency", ""),
            state=data.get("state", ""),
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class DeclineForm(ReasonForm):
    """`assigned_to` is the expert who had it when the form was opened."""

    assigned_to = forms.UUIDField(required=False, widget=forms.HiddenInput())


class AmendForm(RefusableForm):
    """Begins the correction of a signed text. What a reason has to be the service says."""

    reason = forms.CharField(
        label=_("What changes and why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "id": "amend-reason"}),
    )


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InformationForm(forms.Form):
    reason = forms.CharField(
        label=_("What is still needed"),
        help_text=_("The clock pauses and goes on when it arrives."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SupplyForm(forms.Form):
    text = forms.CharField(
        label=pgettext_lazy("consult", "Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    attachments = MultipleFileField(
        label=_("Scanned pages"), required=False, help_text=_("PDF, JPEG or PNG, at most 20 MB each.")
    )


class AssignForm(forms.Form):
    """`replaces` is the expert who had it when the form was opened."""

    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput())
    expert = forms.UUIDField(label=pgettext_lazy("consult", "Expert"), widget=forms.RadioSelect())
    urgency = forms.ChoiceField(
        label=pgettext_lazy("consult", "Urgency"), choices=Urgency.choices, widget=forms.RadioSelect()
    )
    note = forms.CharField(label=_("Note to the expert"), required=False, max_length=500)

    def __init__(self, *args: Any, experts: list[ExpertLoad], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.experts = experts
        self.fields["expert"].widget.choices = [(str(load.card.id), load.card.name) for load in experts]


def _change_reason() -> forms.CharField:
    """Of a correction; the form of a first version does not show it."""
    return forms.CharField(
        label=_("What changed and why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class OpinionForm(MayBeStaleForm):
    template = forms.ChoiceField(
        label=_("Template"), required=False, choices=[(t.key, t.label) for t in TEMPLATES.values()]
    )
    change_reason = _change_reason()
    findings = forms.CharField(
        label=_("Findings"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )
    impression = forms.CharField(
        label=_("Impression"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    recommendation = forms.CharField(
        label=_("Recommendation"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReportForm(MayBeStaleForm):
    template = forms.ChoiceField(
        label=_("Template"), required=False, choices=[(t.key, t.label) for t in REPORT_TEMPLATES.values()]
    )
    change_reason = _change_reason()
    examination = forms.CharField(
        label=pgettext_lazy("imaging", "Examination"),
        help_text=_("Modality, region and date."),
        required=False,
        max_length=120,
    )
    technique = forms.CharField(
        label=pgettext_lazy("imaging", "Technique"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    comparison = forms.CharField(
        label=pgettext_lazy("imaging", "Comparison"),
        help_text=_("Earlier studies that were looked at, with their dates. Leave empty when there was none."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    findings = forms.CharField(
        label=pgettext_lazy("imaging", "Imaging findings"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    impression = forms.CharField(
        label=pgettext_lazy("imaging", "Diagnostic impression"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    critical_value = forms.CharField(
        label=_("Critical value"),
        help_text=_(
            "Only what endangers the patient now. The requesting doctor is told as soon as you submit and has"
            " 15 minutes to acknowledge it."
        ),
        required=False,
        max_length=300,
    )

    def text(self) -> ReportText:
        data = self.cleaned_data
        return ReportText(**{name: data[name] for name in (*Report.TEXTS, "template")})


class ReadBackForm(forms.Form):
    read_back = forms.CharField(
        label=_("Read back"),
        help_text=_("Repeat the finding in your own words and say what you do first. The writer sees it."),
        error_messages={"required": ReadBackMissing.message},
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MessageForm(forms.Form):
    message_key = forms.UUIDField(widget=forms.HiddenInput())
    text = forms.CharField(label=_("Message"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came of it"), choices=Outcome.choices, widget=forms.RadioSelect())
    usefulness = forms.TypedChoiceField(
        label=_("How useful was the opinion"),
        coerce=int,
        choices=[(5, _("5: decided the case")), (4, "4"), (3, "3"), (2, "2"), (1, _("1: no help"))],
        widget=forms.RadioSelect(),
    )
    comment = forms.CharField(
        label=_("Comment for the expert"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConsentForm(forms.Form):
    given_by = forms.ChoiceField(
        label=pgettext_lazy("consent", "Signed by"), choices=ConsentGiver.choices, widget=forms.RadioSelect()
    )
    signed_on = forms.DateField(label=_("Signed on"), widget=DayInput())
    form = forms.FileField(label=_("The signed form"), help_text=_("PDF, JPEG or PNG, at most 20 MB each."))


class ImagesForm(FormKeyMixin):
    dicom = MultipleFileField(label=_("Images (DICOM)"), help_text=IMAGE_LIMITS)


class AttachForm(forms.Form):
    """`read` is the word that it is another patient, as the page showed it."""

    study = forms.UUIDField(widget=forms.HiddenInput())
    read = forms.UUIDField(widget=forms.HiddenInput(), required=False)
    mismatch_reason = forms.CharField(
        label=_("Why it is the same patient"),
        help_text=_("Only needed when the header does not agree with the record. A second person confirms it."),
        required=False,
        max_length=500,
    )
