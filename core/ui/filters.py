"""What is set in the bar above a list: each filter in words, with the address that takes it away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _

#: The bar's search field (ui/parts/filters.html); its own label says at length what it looks into.
SEARCH_FIELD = "q"


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """`address` is the query of the same list without this filter, from its first page."""

    label: str
    value: str
    address: str


def active_filters(
    form: forms.Form,
    names: Iterable[str],
    words: Mapping[str, str] | None = None,
    *,
    tab: str = "",
) -> list[ActiveFilter]:
    """The filters of a validated form that hold something, in the order of `names`.

    A choice is named as the form names it, free text as it was typed; `words` says it better for a field that holds a
    code. What the form did not accept filters nothing and is not listed. `tab` is the view of the list that stays.
    """
    held = {name: value for name, value in form.cleaned_data.items() if value and value != form.fields[name].initial}
    kept = {"tab": tab} if tab else {}
    return [
        ActiveFilter(
            label=_("Search") if name == SEARCH_FIELD else str(form.fields[name].label or ""),
            value=(words or {}).get(name) or _in_words(form.fields[name], held[name]),
            address="?" + urlencode(kept | {other: value for other, value in held.items() if other != name}),
        )
        for name in names
        if name in held
    ]


def _in_words(field: forms.Field, value: Any) -> str:
    choices = list(field.choices) if isinstance(field, forms.ChoiceField) else []  # type: ignore[arg-type]
    return str(next((words for held, words in choices if held == value), value))
