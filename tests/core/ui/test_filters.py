"""The filters that are set above a list: in words, each with the address that takes it away."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils import translation

from core.ui.filters import ActiveFilter, active_filters


class BarForm(forms.Form):
    q = forms.CharField(label="Search title or code", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("", "All"), ("ct", "CT images")], required=False)
    place = forms.CharField(label="Place", required=False)
    sort = forms.ChoiceField(choices=[("newest", "Newest"), ("title", "Title")], initial="newest", required=False)


def active(query: str, words: dict[str, str] | None = None) -> list[ActiveFilter]:
    form = BarForm(QueryDict(query))
    form.is_valid()
    with translation.override("en"):
        return active_filters(form, ("q", "kind", "place"), words)


def test_each_filter_is_named_and_its_address_keeps_the_others():
    # given a search, a choice, an order that is not the usual one, and a page
    found = active("q=心 电&kind=ct&sort=title&page=3")

    # then each can be taken away by itself; the list starts at its first page again
    assert found == [
        ActiveFilter("Search", "心 电", "?kind=ct&sort=title"),
        ActiveFilter("Kind", "CT images", "?q=%E5%BF%83+%E7%94%B5&sort=title"),
    ]


def test_what_the_form_did_not_accept_is_no_filter():
    assert active("kind=unknown&sort=newest") == []


def test_a_code_is_shown_in_better_words():
    assert active("place=QJ-01", {"place": "County hospital"}) == [ActiveFilter("Place", "County hospital", "?")]
    assert active("place=QJ-01", {"place": ""}) == [ActiveFilter("Place", "QJ-01", "?")]
