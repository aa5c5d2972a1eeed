"""Panels of the supervision page: who is short (training manager), credits of the area (authority)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from core.errors import Invalid
from core.ui import messages
from core.ui.access import requires
from core.ui.months import cuts_a_month
from core.ui.pagination import paginate
from core.ui.supervision import period_of
from core.ui.tables import csv_file, wants_csv
from credits.selectors import figures
from credits.services import reminding

MANAGE, SUPERVISE = reminding.PERMISSION, "supervise.view"


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _query(request: HttpRequest) -> str:
    """The area and the period of the address, without its page."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _shortage_csv(found: figures.Standing, year: int) -> HttpResponse:
    header = [_("Person"), _("Organisation"), _("Credits missing"), _("Hours missing")]
    rows = [[row.name, row.organisation, row.missing_credits, row.missing_hours] for row in found.short]
    return csv_file(f"credits-short-{year}", header, rows)


def _by_level(places: list[figures.Place]) -> list[figures.Place]:
    """The province's hospitals first; within a level those with most people short."""
    return sorted(places, key=lambda place: place.level)


def _area_csv(found: figures.Standing, year: int) -> HttpResponse:
    header = [_("Organisation"), pgettext("number", "People"), _("Met"), _("Short"), _("Met, per cent")]
    rows = [[place.name, place.people, place.met, place.short, place.share] for place in _by_level(found.places)]
    return csv_file(f"credits-by-organisation-{year}", header, rows)


@require_safe
@requires(MANAGE)
def shortage(request: HttpRequest) -> HttpResponse:
    """By name, in the credit year of the period's last day. The dashboard shows the first ten."""
    _start, end = period_of(request)
    found = figures.standing(request.actor, MANAGE, request.GET.get("org", ""), end.year)
    if wants_csv(request):
        return _shortage_csv(found, end.year)
    is_fragment = _is_fragment(request)
    page = paginate(found.short, page=request.GET.get("page"), per_page=10 if is_fragment else 30)
    context = {"found": found, "page": page, "is_fragment": is_fragment, "year": end.year}
    context["query"] = _query(request)
    return render(request, "credits/parts/shortage.html" if is_fragment else "credits/shortage.html", context)


@require_POST
@requires(MANAGE)
def remind(request: HttpRequest) -> HttpResponse:
    try:
        wanted = {UUID(text) for text in request.POST.getlist("person")}
    except ValueError:
        raise Invalid from None
    told = reminding.remind(actor=request.actor, person_ids=wanted, now=timezone.now())
    messages.done(
        request,
        ngettext(
            "%(n)s person was reminded; nobody is reminded twice in one week.",
            "%(n)s people were reminded; nobody is reminded twice in one week.",
            told,
        )
        % {"n": told},
    )
    return redirect("credits:shortage_panel")


@require_safe
@requires(SUPERVISE)
def area(request: HttpRequest) -> HttpResponse:
    start, end = period_of(request)
    organisation = request.GET.get("org", "")
    found = figures.standing(request.actor, SUPERVISE, organisation, end.year)
    context = {
        "found": found,
        "places": _by_level(found.places[: figures.SHOWN]),
        "others": max(0, len(found.places) - figures.SHOWN),
        "ledger": figures.ledger(request.actor, SUPERVISE, organisation, start, end),
        "start": start,
        "end": end,
        "year": end.year,
        "is_cut": cuts_a_month(start, end),
        "is_fragment": _is_fragment(request),
        "query": _query(request),
    }
    if wants_csv(request):
        return _area_csv(found, end.year)
    name = "credits/parts/area.html" if _is_fragment(request) else "credits/area.html"
    return render(request, name, context)
