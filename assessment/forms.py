"""One plain form per question type. Field names are stable: the demo's story and the tests post them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.errors import InvalidQuestion
from assessment.kinds import KINDS
from assessment.kinds.base import LETTERS, MAX_POINTS
from core.ui.idempotency import FormKeyMixin

ROWS = len(LETTERS)


class QuestionForm(FormKeyMixin):
    """What every type asks for. `content` turns the cleaned data into the content JSON of its type."""

    kind = ""
    base_number = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    stem = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    explanation = forms.CharField(
        label=_("Why the answer is right"),
        help_text=_("Learners read this after they answered."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=MAX_POINTS, initial=1)
    pool = forms.CharField(
        label=_("Pool"), required=False, max_length=80, help_text=_("A topic this question belongs to. May stay empty.")
    )
    language = forms.ChoiceField(label=_("Language of the question"), choices=settings.LANGUAGES, initial="zh-hans")

    shown_rows = 4
    only_organisation: Any = None

    def ask_whose(self, organisations: QuerySet[Any]) -> None:
        """Let somebody who writes for several organisations say for which; with one there is nothing to ask."""
        self.only_organisation = organisations.first() if len(organisations) == 1 else None
        if self.only_organisation is None:
            self.fields["organisation"] = forms.ModelChoiceField(label=_("Organisation"), queryset=organisations)

    def whose(self) -> UUID:
        """The organisation's id, of a valid form that was asked."""
        return (self.only_organisation or self.cleaned_data["organisation"]).pk

    def option_rows(self) -> list[dict[str, Any]]:
        """The rows to fill in, each with its field and whether it is marked right; empty for a type without options.

        As many as are asked for or filled in, at least four: the author adds one at a time.
        """
        if "option_1" not in self.fields:
            return []
        marked = self["right"].value() if "right" in self.fields else None
        chosen = {str(mark) for mark in marked} if isinstance(marked, list) else {str(marked)}
        filled = [i for i in range(1, ROWS + 1) if self[f"option_{i}"].value()]
        return [
            {"number": i, "field": self[f"option_{i}"], "is_right": str(i) in chosen}
            for i in range(1, min(ROWS, max(self.shown_rows, *filled, 0)) + 1)
        ]

    def has_room(self) -> bool:
        return 0 < len(self.option_rows()) < ROWS

    def own_content(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    @classmethod
    def own_initial(cls, content: dict[str, Any]) -> dict[str, Any]:
        return {}

    @classmethod
    def initial_from(cls, content: dict[str, Any]) -> dict[str, Any]:
        """What an editor sees of a stored version."""
        common = {name: content[name] for name in ("stem", "explanation", "points")}
        return common | cls.own_initial(content)

    def clean(self) -> dict[str, Any]:
        """The type's own rules, with their sentences at the fields they are about."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["content"] = KINDS[self.kind].validate(
                    {name: cleaned[name] for name in ("stem", "explanation", "points")} | self.own_content(cleaned)
                )
            except InvalidQuestion as error:
                for field, sentences in error.fields.items():
                    self.add_error(field if field in self.fields else None, [str(s) for s in sentences])
        return cleaned


def _texts(data: dict[str, Any]) -> list[dict[str, str]]:
    return [{"text": data.get(f"option_{i}") or ""} for i in range(1, ROWS + 1)]


def _letters(data: dict[str, Any]) -> dict[str, str]:
    """Row number -> letter. Empty rows get none, as in the stored content."""
    filled = [i for i in range(1, ROWS + 1) if (data.get(f"option_{i}") or "").strip()]
    return {str(i): LETTERS[n] for n, i in enumerate(filled)}


def _rows(rows: list[dict[str, str]]) -> dict[str, str]:
    return {f"option_{i}": row["text"] for i, row in enumerate(rows, 1)}


def _row_fields(label: Any) -> dict[str, forms.Field]:
    return {
        f"option_{i}": forms.CharField(label=format_lazy("{} {}", label, i), required=i < 3, max_length=600)
        for i in range(1, ROWS + 1)
    }


_NUMBERS = [(str(i), str(i)) for i in range(1, ROWS + 1)]


class SingleForm(QuestionForm):
    kind = "single"
    right = forms.ChoiceField(label=_("Number of the best answer"), choices=_NUMBERS, widget=forms.RadioSelect)

    def own_content(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"options": _texts(data), "answer": _letters(data).get(data["right"])}

    @classmethod
    def own_initial(cls, content: dict[str, Any]) -> dict[str, Any]:
        return _rows(content["options"]) | {"right": str(LETTERS.index(content["answer"]) + 1)}


class MultipleForm(QuestionForm):
    kind = "multiple"
    right = forms.MultipleChoiceField(
        label=_("Numbers of the right answers"), choices=_NUMBERS, widget=forms.CheckboxSelectMultiple
    )

    def own_content(self, data: dict[str, Any]) -> dict[str, Any]:
        letters = _letters(data)
        return {"options": _texts(data), "answers": [letters[n] for n in data["right"] if n in letters]}

    @classmethod
    def own_initial(cls, content: dict[str, Any]) -> dict[str, Any]:
        return _rows(content["options"]) | {"right": [str(LETTERS.index(a) + 1) for a in content["answers"]]}


class NumericForm(QuestionForm):
    kind = "numeric"
    value = forms.CharField(label=_("Right number"), max_length=20)
    tolerance = forms.CharField(
        label=_("Tolerance"), max_length=20, initial="0", help_text=_("Still right this much above or below.")
    )
    unit = forms.CharField(label=_("Unit"), max_length=30, help_text=_("Printed beside the field; 1 for none."))

    def own_content(self, data: dict[str, Any]) -> dict[str, Any]:
        return {name: data[name] for name in ("value", "tolerance", "unit")}

    @classmethod
    def own_initial(cls, content: dict[str, Any]) -> dict[str, Any]:
        return {name: content[name] for name in ("value", "tolerance", "unit")}


class OrderingForm(QuestionForm):
    kind = "ordering"

    def own_content(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"items": _texts(data)}

    @classmethod
    def own_initial(cls, content: dict[str, Any]) -> dict[str, Any]:
        return _rows(content["items"])


for _form, _label in ((SingleForm, _("Option")), (MultipleForm, _("Option")), (OrderingForm, _("Step"))):
    _form.base_fields.update(_row_fields(_label))

FORMS: dict[str, type[QuestionForm]] = {
    form.kind: form for form in (SingleForm, MultipleForm, NumericForm, OrderingForm)
}


class FilterForm(forms.Form):
    """The list's filters; anything unreadable is ignored."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("question", "Type"),
        required=False,
        choices=[("", pgettext_lazy("filter", "All")), *((k.name, k.label) for k in KINDS.values())],
    )
    pool = forms.ChoiceField(label=_("Pool"), required=False)
    q = forms.CharField(label=_("Words in the question"), required=False, max_length=80)

    def __init__(self, *args: Any, pools: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pool"].choices = [("", pgettext_lazy("filter", "All")), *((name, name) for name in pools)]  # type: ignore[attr-defined]
