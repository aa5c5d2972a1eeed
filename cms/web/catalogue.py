"""The catalogue: its filters with how many courses each choice leaves, and the page of courses, the same for all."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cms import selectors
from cms.models import Course
from cms.states import CourseLevel, Language, Subject
from cms.web.public import card_row
from core import kept
from core.ui.filters import active_filters
from core.ui.page_cache import current_epoch
from core.ui.pagination import paginate

PER_PAGE = 12
SORTS = {
    "newest": ("-current_edition__published_at",),
    "title": ("current_edition__title",),
    "shortest": ("current_edition__learning_minutes", "-current_edition__published_at"),
    "credits": ("-credit_points", "-current_edition__published_at"),
}
FILTERS = ("q", "subject", "level", "language", "credits", "organisation")
COUNTED = ("subject", "level", "language", "credits")
KEPT_SECONDS = 300
_ANY = [("", pgettext_lazy("filter", "All"))]


class CatalogueForm(forms.Form):
    """The bar above the courses; every field may stay empty, and a value that is none of the choices is as if empty."""

    q = forms.CharField(label=_("Search title, summary or code"), required=False, max_length=80)
    subject = forms.ChoiceField(label=_("Subject area"), choices=[*_ANY, *Subject.choices], required=False)
    level = forms.ChoiceField(label=_("Written for"), choices=[*_ANY, *CourseLevel.choices], required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[*_ANY, *Language.choices], required=False)
    credits = forms.ChoiceField(label=_("Credits"), choices=[*_ANY, ("yes", _("With credits"))], required=False)
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[
            ("newest", _("Newest")),
            ("title", _("Title")),
            ("shortest", _("Shortest")),
            ("credits", _("Most credits")),
        ],
        initial="newest",
        required=False,
    )
    organisation = forms.CharField(
        label=_("Organisation"), required=False, max_length=32, widget=forms.HiddenInput, strip=True
    )

    def __init__(self, query: QueryDict) -> None:
        """The form shows again only what it accepted."""
        super().__init__(query)
        self.is_valid()
        self.chosen: dict[str, str] = {name: self.cleaned_data.get(name, "") for name in self.fields}
        self.chosen["sort"] = self.chosen["sort"] or "newest"
        self.data = self.chosen

    def show_numbers(self, numbers: dict[str, dict[str, int]]) -> None:
        """Each choice says how many courses it would leave; one that leaves none is offered only while it is set."""
        for name in COUNTED:
            held, of = self.chosen[name], numbers[name]
            self.fields[name].choices = [
                *_ANY,
                *(
                    (value, f"{words} ({of.get(value, 0)})")
                    for value, words in self.fields[name].choices
                    if value and (of.get(value) or value == held)
                ),
            ]


def catalogue_context(request: HttpRequest) -> dict[str, Any]:
    """The bar with what it is set to, and the filtered, sorted page of courses as a stored fragment."""
    form = CatalogueForm(request.GET)
    listing = _listing(request, form.chosen)
    active = active_filters(form, FILTERS, {"organisation": listing["organisation"]})
    form.show_numbers(listing["numbers"])
    return {
        "listing": listing,
        "form": form,
        "filter_fields": [form[name] for name in COUNTED],
        "sort_field": form["sort"],
        "active": active,
        "is_filtered": bool(active),
        "folds": True,
    }


def _listing(request: HttpRequest, chosen: dict[str, str]) -> dict[str, Any]:
    """{"count", "html", "numbers", "organisation"} of one page of courses: kept until the epoch changes."""
    page_number = str(request.GET.get("page", ""))[:6]
    asked = json.dumps([get_language(), page_number, *sorted(chosen.items())])
    key = f"catalogue:{current_epoch()}:{hashlib.sha256(asked.encode()).hexdigest()}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        page = paginate(_filtered(chosen).order_by(*SORTS[chosen["sort"]]), page=page_number, per_page=PER_PAGE)
        cards = [card_row(card) for card in selectors.cards(page.items)]
        is_filtered = any(chosen[name] for name in FILTERS)
        context = {"page_of_courses": page, "cards": cards, "is_filtered": is_filtered}
        html = render_to_string("cms/parts/listing.html", context, request=request)
        found = {
            "count": page.count,
            "html": html,
            "numbers": _numbers(chosen),
            "organisation": _organisation_name(chosen["organisation"]),
        }
        kept.keep(key, found, KEPT_SECONDS)
    return found


def _searched(chosen: dict[str, str]) -> QuerySet[Course]:
    """What words and organisation leave, before any of the counted choices."""
    rows = selectors.published()
    if chosen["organisation"]:
        rows = rows.filter(organisation__code__iexact=chosen["organisation"])
    for word in chosen["q"].split():
        rows = rows.filter(
            Q(current_edition__title__icontains=word)
            | Q(current_edition__summary__icontains=word)
            | Q(code__icontains=word)
        )
    return rows


def _filtered(chosen: dict[str, str]) -> QuerySet[Course]:
    rows = _searched(chosen)
    for name in ("subject", "level", "language"):
        if chosen[name]:
            rows = rows.filter(**{f"current_edition__{name}": chosen[name]})
    return rows.filter(credit_points__gt=0) if chosen["credits"] else rows


def _numbers(chosen: dict[str, str]) -> dict[str, dict[str, int]]:
    """For each counted filter: its value -> courses that value would leave beside the other filters. One query."""
    brings_credits = ExpressionWrapper(Q(credit_points__gt=0), output_field=BooleanField())
    groups = (
        _searched(chosen)
        .order_by()
        .values_list("current_edition__subject", "current_edition__level", "current_edition__language", brings_credits)
        .annotate(number=Count("pk"))
    )
    numbers: dict[str, dict[str, int]] = {name: {} for name in COUNTED}
    for *values, credited, number in groups:
        group = dict(zip(COUNTED, [*values, "yes" if credited else ""], strict=True))
        for name in COUNTED:
            if all(chosen[other] in ("", group[other]) for other in COUNTED if other != name):
                numbers[name][group[name]] = numbers[name].get(group[name], 0) + number
    return numbers


def _organisation_name(code: str) -> str:
    """In the interface language; "" where the code is nobody's with a course here."""
    course = selectors.published().filter(organisation__code__iexact=code).first() if code else None
    return course.organisation.display_name(get_language() or "") if course else ""
