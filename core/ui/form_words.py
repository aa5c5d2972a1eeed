"""What a form says about an entry that is missing or wrong: a sentence for the kind of field, and which field it is.

Django says "This field is required." of everything. The house says what to do, in one place, wherever a form is drawn.
A sentence that a form or a service wrote itself is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db.models.constraints import BaseConstraint
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise

EMPTY = "---------"
"""What Django writes into a select where nothing is chosen yet."""

CHOOSE = _("Choose …")

#: By widget or field, the first that fits; what a missing entry asks for.
WANTED: tuple[tuple[type, Text], ...] = (
    (forms.CheckboxSelectMultiple, _("Choose at least one.")),
    (forms.SelectMultiple, _("Choose at least one.")),
    (forms.RadioSelect, _("Choose one.")),
    (forms.Select, _("Choose one.")),
    (forms.CheckboxInput, _("Tick this box.")),
    (forms.FileInput, _("Choose a file.")),
    (forms.DateTimeField, _("Enter a day and a time.")),
    (forms.DateField, _("Enter a date.")),
    (forms.TimeField, _("Enter a time.")),
    (forms.IntegerField, _("Enter the number.")),
    (forms.FloatField, _("Enter the number.")),
    (forms.EmailField, _("Enter an e-mail address.")),
)

ROW = re.compile(r"-(\d+)$")


def _missing(field: forms.Field, _error: ValidationError) -> Text:
    fitting = (text for kind, text in WANTED if isinstance(field.widget, kind) or isinstance(field, kind))
    return next(fitting, _("Fill this in."))


def _not_of_the_list(field: forms.Field, _error: ValidationError) -> Text:
    return _("Choose one of the list.")


def _outside(field: forms.Field, error: ValidationError) -> Text:
    low, high = getattr(field, "min_value", None), getattr(field, "max_value", None)
    if low is not None and high is not None:
        return format_lazy(_("Enter a number from {low} to {high}."), low=low, high=high)
    limit = (error.params or {}).get("limit_value")
    words = _("Enter {limit} or more.") if error.code == "min_value" else _("Enter {limit} or less.")
    return format_lazy(words, limit=limit)


def _too_long(_field: forms.Field, error: ValidationError) -> Text:
    params = error.params or {}
    words = _("Shorten it to {most} characters; it has {n}.")
    return format_lazy(words, most=params.get("limit_value"), n=params.get("show_value"))


REWORDED: dict[str, Callable[[forms.Field, ValidationError], Text]] = {
    "required": _missing,
    "invalid_choice": _not_of_the_list,
    "min_value": _outside,
    "max_value": _outside,
    "max_length": _too_long,
}


def _is_stock(error: ValidationError, field: forms.Field) -> bool:
    """Whether Django's own words stand there. Compared by identity: they are one lazy text for each process."""
    stock: list[Any] = [MinValueValidator.message, MaxValueValidator.message, MaxLengthValidator.message]
    for owner in type(field).__mro__:
        stock += getattr(owner, "default_error_messages", {}).values()
    return any(error.message is words for words in stock)


def sentences(field: BoundField) -> list[str]:
    """What is wrong with one field, in the house's words."""
    found = []
    for error in field.errors.as_data():
        reworded = REWORDED.get(error.code or "")
        if reworded and _is_stock(error, field.field):
            found.append(str(reworded(field.field, error)))
        else:
            found += error.messages
    return found


def with_its_label(field: BoundField, sentence: str) -> str:
    """The sentence with the field that it is about; in a table of rows with the row's number too."""
    if field.is_hidden or not field.label:
        return sentence
    label = str(field.label).rstrip(":： ")
    row = ROW.search(field.form.prefix or "")
    if row:
        label = gettext("Row %(n)s, %(label)s") % {"n": int(row[1]) + 1, "label": label}
    return gettext("%(label)s: %(sentence)s") % {"label": label, "sentence": sentence}


def of_the_whole(form: forms.BaseForm) -> list[str]:
    """Errors that belong to no field. The name of a constraint of the database is nothing to read."""
    bare = str(BaseConstraint.default_violation_error_message) % {"name": "\x00"}
    before, _name, after = bare.partition("\x00")
    return [
        gettext("One of these entries is not possible. Nothing was saved: look at the numbers and the choices again.")
        if text.startswith(before) and text.endswith(after)
        else text
        for text in map(str, form.non_field_errors())
    ]


def say_choose(field: forms.Field) -> None:
    """A select in which nothing is chosen yet says so in a word."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == EMPTY:
            field.empty_label = CHOOSE
    elif isinstance(field.widget, forms.Select):
        choices = list(field.widget.choices)
        if choices and str(choices[0][1]) == EMPTY:
            field.widget.choices = [(choices[0][0], CHOOSE), *choices[1:]]
