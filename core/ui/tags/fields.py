"""One form field as the house draws it: label, hint, error, control; what was typed stays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from core.ui import form_words


def _described_by(field: BoundField, widget_id: str) -> str:
    parts = []
    if field.help_text:
        parts.append(f"{widget_id}_helptext")
    if field.errors:
        parts.append(f"{widget_id}_error")
    return " ".join(parts)


def kind_of(widget: forms.Widget) -> str:
    """Which drawing a widget gets: check, choices, file or input."""
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "input"


def field_context(field: BoundField, *, css: str = "", label: Any = None, hint: Any = None) -> dict[str, Any]:
    """What `ui/parts/field.html` needs. `css` is added to the control (x-input--num, x-input--sm)."""
    form_words.say_choose(field.field)
    widget = field.field.widget
    kind = kind_of(widget)
    widget_id = field.auto_id or field.html_name
    attributes: dict[str, Any] = {"aria-describedby": _described_by(field, widget_id)}
    if not attributes["aria-describedby"]:
        del attributes["aria-describedby"]
    if field.errors:
        attributes["aria-invalid"] = "true"
    if kind == "input":
        own = widget.attrs.get("class", "")
        attributes["class"] = " ".join(part for part in ("x-input", own, css) if part)
    control = None if kind == "choices" else field.as_widget(attrs=attributes)
    return {
        "field": field,
        "errors": form_words.sentences(field),
        "kind": kind,
        "control": control,
        "widget_id": widget_id,
        "label": field.label if label is None else label,
        "hint": field.help_text if hint is None else hint,
        "is_optional": _is_optional(field, kind),
        "options": _options(field) if kind == "choices" else [],
    }


def _is_optional(field: BoundField, kind: str) -> bool:
    """A draft may be saved without a field that is needed later: its form says `is_needed` of it."""
    is_needed = field.field.required or getattr(field.field, "is_needed", False)
    return not is_needed and kind != "check"


def _options(field: BoundField) -> list[dict[str, Any]]:
    """Each choice with its control and words; "Words | explanation" puts the explanation on a second line. The first of
    a group of choices carries the group's name.
    """
    shown = []
    groups = _groups(field)
    for option in field.subwidgets:
        words, _bar, explanation = str(option.choice_label).partition(" | ")
        group = groups.get(str(option.data["value"]), "")
        shown.append({"control": option.tag(), "words": words, "explanation": explanation, "group": group})
    return shown


def _groups(field: BoundField) -> dict[str, Any]:
    """The first choice of each group -> the group's name."""
    choices: Any = getattr(field.field, "choices", ())
    return {str(rows[0][0]): name for name, rows in choices if isinstance(rows, list | tuple) and rows}


def summary_errors(form: forms.BaseForm) -> list[tuple[str, str]]:
    """(anchor, "label: sentence") for every error in the order of the fields; the form's own first, without anchor."""
    found = [("", text) for text in form_words.of_the_whole(form)]
    for field in form:
        anchor = field.auto_id or field.html_name
        if kind_of(field.field.widget) == "choices":
            anchor = f"{anchor}_0_0" if _groups(field) else f"{anchor}_0"
        found += [(anchor, form_words.with_its_label(field, text)) for text in form_words.sentences(field)]
    return found
