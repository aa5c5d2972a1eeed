"""Forms of the casebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casebook.content import AGE_BANDS, AGE_TENS, DIFFICULTIES, SEXES, STEP_KINDS, wider_than
from casebook.desk import DeskFilters
from casebook.pictures import sources_of
from casebook.services.reading import PURPOSES
from consult_bridge import api as consult_bridge
from media_pipeline.contracts import TeachingStudyFacts

OPTIONS = 5
SHORT_TEXT = 3
"""Rows of the text beside images or a question: these are what such a step is about."""


def specialty_choices() -> list[tuple[str, Any]]:
    return [("", "–"), *consult_bridge.SPECIALTIES.items()]


class DeskFilterForm(forms.Form):
    """The bar above the desk's list; every field may stay empty."""

    q = forms.CharField(label=_("Search title or case number"), required=False, max_length=60)
    specialty = forms.ChoiceField(
        label=_("Specialty"),
        choices=[("", pgettext_lazy("filter", "All")), *consult_bridge.SPECIALTIES.items()],
        required=False,
    )

    def filters(self) -> DeskFilters:
        """A value that is none of the choices filters nothing."""
        self.is_valid()
        return DeskFilters(text=self.cleaned_data.get("q", ""), specialty=self.cleaned_data.get("specialty", ""))


class CaseFilterForm(forms.Form):
    """The bar above the published cases; every field may stay empty, and an unknown choice is as if empty."""

    q = forms.CharField(label=_("Words or case number"), required=False, max_length=80)
    specialty = forms.ChoiceField(label=_("Specialty"), required=False)
    difficulty = forms.ChoiceField(
        label=_("Difficulty"),
        choices=[("", pgettext_lazy("filter", "All")), *((str(key), label) for key, label in DIFFICULTIES.items())],
        required=False,
    )

    def __init__(self, query: QueryDict, *, specialties: Sequence[tuple[str, str]]) -> None:
        super().__init__(query)
        self.fields["specialty"].choices = [("", pgettext_lazy("filter", "All")), *specialties]  # type: ignore[attr-defined]
        self.is_valid()

    def chosen(self, name: str) -> str:
        """What the form accepted, "" for nothing."""
        return str(self.cleaned_data.get(name, ""))


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


class PartForm(forms.Form):
    """One part of a draft. It is saved as it is; `needed` are the fields without which it cannot be reviewed."""

    needed: frozenset[str] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.needed_now():
            self.fields[name].is_needed = True  # type: ignore[attr-defined]

    def needed_now(self) -> frozenset[str]:
        return self.needed

    @staticmethod
    def initial_of(stored: dict[str, Any]) -> dict[str, Any]:
        return dict(stored)

    def values(self) -> dict[str, Any]:
        """The part in the shape of `casebook.content`."""
        return dict(self.cleaned_data)


class HeadForm(PartForm):
    """What the case is."""

    needed = frozenset({"title", "age_band"})
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    summary = forms.CharField(
        label=_("In one or two sentences"),
        help_text=_("Stands in the list of cases. Do not give the diagnosis away."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=400,
        required=False,
    )
    specialty = forms.ChoiceField(label=_("Specialty"), choices=specialty_choices, required=False)
    difficulty = forms.TypedChoiceField(label=_("Difficulty"), choices=DIFFICULTIES.items(), coerce=int)
    age_band = forms.ChoiceField(label=_("Age band"), choices=[(band, band) for band in AGE_BANDS], required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "–"), *SEXES.items()], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One scale of ten years is offered, and beside it the wider bands around the one that is chosen."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["age_band"]
        field.choices = [("", "–"), *field.choices]  # what is accepted
        shown: list[tuple[Any, Any]] = [("", "–"), *((band, band) for band in AGE_TENS)]
        if wider := wider_than(str(self["age_band"].value() or "")):
            shown.append((_("Wider, for few patients alike"), [(band, band) for band in wider]))
        field.widget.choices = shown


class LearningForm(PartForm):
    """What the case is for."""

    objectives = forms.CharField(
        label=_("After this case a reader can"),
        help_text=_("One learning objective on each line, beginning with a verb."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    references = forms.CharField(
        label=_("References"),
        help_text=_("One on each line: authors, title, year, then its address or DOI."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )

    @staticmethod
    def initial_of(stored: dict[str, Any]) -> dict[str, Any]:
        return {name: "\n".join(stored.get(name, [])) for name in ("objectives", "references")}

    def values(self) -> dict[str, Any]:
        return {name: text.splitlines() for name, text in self.cleaned_data.items()}


class StepForm(PartForm):
    """One step: text, images of the release, a question."""

    kind = forms.ChoiceField(label=_("Kind of step"), choices=STEP_KINDS.items())
    heading = forms.CharField(label=_("Heading"), max_length=120, required=False)
    body = forms.CharField(
        label=pgettext_lazy("case", "Text"), widget=forms.Textarea(attrs={"rows": 8}), required=False
    )
    source = forms.ChoiceField(label=_("Images from"), required=False)
    frame = forms.IntegerField(min_value=1, required=False)
    frames = forms.TypedMultipleChoiceField(coerce=int, required=False)
    caption = forms.CharField(
        label=_("What the image shows"),
        help_text=_("Only what can be seen on it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        required=False,
    )
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
    explanation = forms.CharField(
        label=_("Explanation"),
        help_text=_("Shown with the right answer after a reader has chosen."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *args: Any, studies: Sequence[TeachingStudyFacts] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = sources_of(studies)
        self.has_sources = bool(sources)
        if self["kind"].value() in {"images", "question"}:
            self.fields["body"].widget.attrs["rows"] = SHORT_TEXT
        self.fields["source"].choices = [("", _("No image")), *sources]  # type: ignore[attr-defined]
        most = max((series.frames for study in studies for series in study.series), default=0)
        self.fields["frames"].choices = [(n, n) for n in range(1, most + 1)]  # type: ignore[attr-defined]

    def needed_now(self) -> frozenset[str]:
        """By the kind of step that is chosen: a question needs its answers, images their caption."""
        kind = self["kind"].value()
        if kind == "question" or self["stem"].value() or self["options"].value():
            return frozenset({"stem", "options", "answer", "explanation"})
        return frozenset({"source", "caption"} if kind == "images" else {"body"})

    @staticmethod
    def initial_of(stored: dict[str, Any]) -> dict[str, Any]:
        figure, question = stored.get("figure") or {}, stored.get("question") or {}
        answer = question.get("answer", -1)
        return {
            **{name: stored.get(name, "") for name in ("kind", "heading", "body")},
            "source": f"{figure['study']}/{figure['series']}" if figure else "",
            "frame": figure.get("frame"),
            "frames": figure.get("frames", []),
            "caption": figure.get("caption", ""),
            "stem": question.get("stem", ""),
            "options": "\n".join(question.get("options", [])),
            "answer": answer + 1 if answer >= 0 else None,
            "explanation": question.get("explanation", ""),
        }

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        step: dict[str, Any] = {name: data[name] for name in ("kind", "heading", "body")}
        if data["source"]:
            study, _slash, series = data["source"].partition("/")
            is_same = data["source"] == self.initial.get("source")
            step["figure"] = {
                "study": study,
                "series": int(series),
                "frame": (data["frame"] if is_same else None) or 1,
                "frames": data["frames"] if is_same else [],
                "caption": data["caption"],
            }
        step["question"] = {
            "stem": data["stem"],
            "options": data["options"].splitlines(),
            "answer": (data["answer"] or 0) - 1,
            "explanation": data["explanation"],
        }
        return step

    def chosen(self) -> dict[str, Any] | None:
        """The figure as it stands in the form: what was sent if it is valid, else what is stored."""
        if self.is_bound and self.is_valid():
            figure: dict[str, Any] | None = self.values().get("figure")
            return figure
        source = self.initial.get("source") or ""
        if not source:
            return None
        study, _slash, series = source.partition("/")
        return {
            "study": study,
            "series": int(series),
            "frame": self.initial["frame"] or 1,
            "frames": self.initial["frames"],
        }
