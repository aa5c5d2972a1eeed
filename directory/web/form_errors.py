"""A service's refusal, shown beside the field that it is about."""

from __future__ import annotations

from django import forms

from core.errors import Conflict, Invalid


def show_on(form: forms.Form, error: Invalid) -> None:
    """Adds the error's sentences to the form's fields; what belongs to no field stands on top."""
    for name, texts in error.fields.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))
    if not error.fields:
        form.add_error(None, error.sentence())


def show_conflict(form: forms.Form, error: Conflict) -> None:
    """On top of the form, with what to do next; what was typed stays."""
    form.add_error(None, f"{error.sentence()} {error.advice()}")
