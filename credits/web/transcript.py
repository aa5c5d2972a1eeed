"""A person's own credits: rings, ledger, totals; as CSV and for paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.numbers import whole_number
from core.ui.access import signed_in
from core.ui.pagination import paginate
from core.ui.tables import csv_file
from credits import rules, selectors
from credits.models import CreditEntry, Cycle
from credits.selectors.years import CreditYear, named, year_on
from credits.services import certifying
from credits.states import CERTIFICATE
from directory import api as directory

HOURS_PER_SEGMENT = 5  # 18 segments are the 90 hours of a year


def _year(request: HttpRequest, years: dict[int, CreditYear], today: date) -> CreditYear:
    """The year that the address names, else the one of today."""
    year = whole_number(request.GET.get("year"))
    return named(years, year) if year is not None and 2000 <= year <= 2100 else year_on(years, today)


def year_context(request: HttpRequest) -> dict[str, Any]:
    """The person's year: sums, what is asked for, and what they are made of. Of an authority's people nothing is asked:
    no dashboard counts them either.
    """
    person_id, today = request.actor.person_id, timezone.localdate()
    years = selectors.my_years(person_id)
    year = _year(request, years, today)
    cycle = year.cycle
    table = cycle.scheme_version.rules if cycle else {}
    language = translation.get_language() or ""
    shown, is_free = selectors.transcript(person_id, year), directory.works_for_an_authority(person_id)
    return {
        "year": year.year,
        "credit_year": year,
        "years": sorted(
            {year_on(years, today).year, year.year, *selectors.years_with_lines(person_id, years)}, reverse=True
        ),
        "cycle": None if is_free else cycle,
        "is_free": is_free,
        "scheme_name": _scheme_name(cycle, language),
        "transcript": shown,
        "credit_segments": float(shown.credits),
        "hour_segments": float(shown.hours) / HOURS_PER_SEGMENT,
        "hour_ring": round((shown.required_hours or 90) / HOURS_PER_SEGMENT),
        "credit_ring": round(shown.required_credits or 25),
        "days_left": (year.ends_on - today).days if cycle and not is_free and year.ends_on >= today else None,
        "categories": [
            (rules.words(table, "categories", key, language), credits, hours)
            for key, credits, hours in selectors.sums_by(person_id, year, "category")
        ],
        "subjects": [
            (rules.words(table, "subjects", key, language), credits, hours)
            for key, credits, hours in selectors.sums_by(person_id, year, "subject")
        ],
        "language": language,
    }


def _scheme_name(cycle: Cycle | None, language: str) -> str:
    if cycle is None:
        return ""
    scheme = cycle.scheme_version.scheme
    return scheme.name_en if language.startswith("en") and scheme.name_en else scheme.name


def _rows(entries: list[CreditEntry], first: int) -> list[dict[str, Any]]:
    """Entries with their running number in the year and the words of their own scheme version."""
    language = translation.get_language() or ""
    return [
        {
            "number": first + offset,
            "entry": entry,
            "category": rules.words(entry.scheme_version.rules, "categories", entry.activity.category, language),
            "subject": rules.words(entry.scheme_version.rules, "subjects", entry.activity.subject, language),
            "certificate": getattr(entry, "certificate", None),
            "is_reversed": hasattr(entry, "reversed_by"),
        }
        for offset, entry in enumerate(entries)
    ]


@require_safe
@signed_in
def transcript(request: HttpRequest) -> HttpResponse:
    context = year_context(request)
    entries = selectors.my_entries(request.actor.person_id, context["credit_year"])
    page = paginate(entries.reverse(), page=request.GET.get("page"), per_page=20)
    last = page.count - page.first_row + 1
    rows = _rows(list(page.items), 0)
    for offset, row in enumerate(rows):
        row["number"] = last - offset
    shown = context | {
        "page": page,
        "rows": rows,
        "certificates": list(selectors.my_certificates(request.actor.person_id, context["credit_year"])),
        "machine": CERTIFICATE,
    }
    return render(request, "credits/transcript.html", shown)


@require_safe
@signed_in
def printed(request: HttpRequest) -> HttpResponse:
    context = year_context(request)
    entries = list(selectors.my_entries(request.actor.person_id, context["credit_year"]))
    person = directory.get_people([request.actor.person_id]).get(request.actor.person_id)
    shown = context | {
        "rows": _rows(entries, 1),
        "now": timezone.now(),
        "person": person,
        "verify_address": certifying.verify_address(),
    }
    return render(request, "credits/print.html", shown)


@require_safe
@signed_in
def export(request: HttpRequest) -> HttpResponse:
    """The year's ledger as a file for spreadsheets."""
    context = year_context(request)
    entries = list(selectors.my_entries(request.actor.person_id, context["credit_year"]))
    header = [
        _("No."),
        _("Activity"),
        _("Date"),
        _("Entered on"),
        _("Category"),
        _("Subject"),
        _("Credits"),
        _("Hours"),
        pgettext("credits", "Note"),
    ]
    total = ["", _("Total"), "", "", "", "", context["transcript"].credits, context["transcript"].hours, ""]
    return csv_file(f"credits-{context['year']}", header, [*map(_line, _rows(entries, 1)), total])


def _line(row: dict[str, Any]) -> list[Any]:
    entry = row["entry"]
    days, kinds = [entry.earned_on.isoformat(), entry.entered_on.isoformat()], [row["category"], row["subject"]]
    return [row["number"], entry.activity.title, *days, *kinds, entry.credits, entry.hours, entry.reason]
