"""A text that somebody else saved in between: both versions beside each other, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from consult_bridge.models import Opinion, Report
from core.errors import Conflict, StaleForm
from core.numbers import whole_number


@dataclass(frozen=True, slots=True)
class Both:
    """One field as it is stored now and as it was typed."""

    label: Any
    saved: str
    typed: str


class RevisionField(forms.IntegerField):
    """Which saved text a form was opened with. What no column could hold is no revision."""

    widget = forms.HiddenInput

    def to_python(self, value: object) -> int | None:
        number = whole_number(value)
        if number is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class RefusableForm(forms.Form):
    """`refusal` is why the form came back though each of its fields is right."""

    refusal: Conflict | None = None


class MayBeStaleForm(RefusableForm):
    """`conflict` is the newer text that the form met; `revision` is the text it was opened with."""

    conflict: StaleForm | None = None

    revision = RevisionField()


def meet(form: MayBeStaleForm | None, stored: Opinion | Report | None) -> list[Both]:
    """The fields that differ, for a form that met a newer text; it goes on from the text that is shown with it, or
    from none where the report was given up."""
    if form is None or form.conflict is None:
        return []
    data: Any = form.data.copy()
    data["revision"] = str(stored.revision if stored else 0)
    form.data = data
    names = [name for name in (stored or Report).TEXTS if name in form.fields]
    texts = [(form[name], str(getattr(stored, name, ""))) for name in names]
    both = [Both(field.label, saved, str(field.value() or "")) for field, saved in texts]
    return [one for one in both if one.saved.strip() != one.typed.strip()]
