"""Forms of the casebook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casebook.content import AGE_BANDS, SEXES, STEP_KINDS
from casebook.services.reading import PURPOSES
from consult_bridge import api as consult_bridge

OPTIONS = 5


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(label=_("What do you read it for?"), choices=PURPOSES.items(), widget=forms.RadioSelect)


class ProposeForm(forms.Form):
    reason = forms.CharField(
        label=_("What can others learn from it?"),
        help_text=_(
            "Stays with the consult. Editors read it only after it was de-identified with the other texts "
            "and two officers confirmed it."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=400,
    )


class AcceptForm(forms.Form):
    specialty = forms.ChoiceField(label=_("Specialty"), choices=lambda: list(consult_bridge.SPECIALTIES.items()))


class RejectForm(forms.Form):
    reason = forms.CharField(label=_("Why not?"), max_length=400)


class HeadForm(forms.Form):
    """The case's own fields; `revision` tells which state of the draft the form was opened with."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    summary = forms.CharField(
        label=_("In one or two sentences"), widget=forms.Textarea(attrs={"rows": 2}), max_length=400, required=False
    )
    age_band = forms.ChoiceField(
        label=_("Age band"), choices=[("", "–"), *((band, band) for band in AGE_BANDS)], required=False
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "–"), *SEXES.items()], required=False)


class StepForm(forms.Form):
    """One step. Figure and question fields are read only where the kind has them."""

    id = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Kind of step"), choices=[("", "–"), *STEP_KINDS.items()], required=False)
    heading = forms.CharField(label=_("Heading"), max_length=120, required=False)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 5}), required=False)
    study = forms.UUIDField(widget=forms.HiddenInput, required=False)
    series = forms.IntegerField(label=_("Series"), min_value=1, required=False)
    frame = forms.IntegerField(label=_("Image number"), min_value=1, required=False)
    caption = forms.CharField(label=_("What the image shows"), max_length=300, required=False)
    stem = forms.CharField(
        label=pgettext_lazy("case", "Question"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    options = forms.CharField(
        label=_("Answers to choose from"),
        help_text=_("One on each line."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    answer = forms.IntegerField(label=_("Number of the right answer"), min_value=1, max_value=OPTIONS, required=False)
    explanation = forms.CharField(label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    order = forms.IntegerField(label=_("Position"), min_value=1, required=False)

    def as_step(self) -> dict[str, Any]:
        """The step in the shape of `casebook.content`."""
        data = self.cleaned_data
        step: dict[str, Any] = {name: data[name] for name in ("id", "kind", "heading", "body")}
        if data["study"]:
            step["figure"] = {
                "study": str(data["study"]),
                "series": data["series"] or 1,
                "frame": data["frame"] or 1,
                "caption": data["caption"],
            }
        if data["kind"] == "question":
            step["question"] = {
                "stem": data["stem"],
                "options": [line for line in data["options"].splitlines() if line.strip()],
                "answer": (data["answer"] or 0) - 1,
                "explanation": data["explanation"],
            }
        return step


StepFormSet = forms.formset_factory(StepForm, extra=2, can_delete=True, max_num=40, absolute_max=60)


def step_initial(step: dict[str, Any], position: int) -> dict[str, Any]:
    """The form's initial values for a stored step."""
    figure, question = step.get("figure") or {}, step.get("question") or {}
    answer = question.get("answer", -1)
    return {
        **{name: step.get(name, "") for name in ("id", "kind", "heading", "body")},
        **{name: figure.get(name) for name in ("study", "series", "frame", "caption")},
        "stem": question.get("stem", ""),
        "options": "\n".join(question.get("options", [])),
        "answer": answer + 1 if answer >= 0 else None,
        "explanation": question.get("explanation", ""),
        "order": position,
    }


def content_from(head: HeadForm, steps: Any) -> dict[str, Any]:
    """The whole content from two valid forms, steps in the order the editor gave."""
    kept = [form for form in steps.forms if form.cleaned_data.get("kind") and not form.cleaned_data.get("DELETE")]
    kept.sort(key=lambda form: form.cleaned_data.get("order") or len(steps.forms) + 1)
    fields = {name: head.cleaned_data[name] for name in ("title", "summary", "age_band", "sex")}
    return {**fields, "steps": [form.as_step() for form in kept]}
