"""Panels of the supervision page: who is short (training manager), credits of the area (authority)."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Invalid
from core.ui import messages
from core.ui.access import requires
from core.ui.months import cuts_a_month
from core.ui.pagination import paginate
from core.ui.supervision import day_of, period_of
from core.ui.tables import csv_file, csv_stream, wants_csv
from credits.errors import NobodyToRemind
from credits.selectors import figures, standing
from credits.services import reminding
from credits.services.activities import local_day

MANAGE, SUPERVISE = reminding.PERMISSION, "supervise.view"
SHOWN, SHOWN_SHORT = 8, 12  # organisations in the table of the area, and in that of who is short


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _query(request: HttpRequest) -> str:
    """The area and the period of the address, without its page."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _organisation(text: str) -> str:
    """An id; "", for all of one's own, where it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _shortage_csv(rows: QuerySet[Any], year: int) -> StreamingHttpResponse:
    header = [_("Person"), _("Organisation"), _("Credits missing"), _("Hours missing")]
    people = standing.each_short(rows)
    lines = ([each.name, each.organisation, each.missing_credits, each.missing_hours] for each in people)
    return csv_stream(f"credits-short-{year}", header, lines)


def _by_level(places: list[standing.Place]) -> list[standing.Place]:
    """The province's hospitals first; within a level those with most people short."""
    return sorted(places, key=lambda place: place.level)


def _shown(place: standing.Place) -> str:
    return place.name_en if get_language() == "en" else place.name


def _area_csv(found: standing.Standing, year: int) -> HttpResponse:
    header = [_("Organisation"), pgettext("number", "People"), _("Met"), _("Short"), _("Met, per cent")]
    rows = [[_shown(place), place.people, place.met, place.short, place.share] for place in _by_level(found.places)]
    return csv_file(f"credits-by-organisation-{year}", header, rows)


def _with_reminders(people: list[standing.Short]) -> list[tuple[standing.Short, reminding.Reminder | None]]:
    found = reminding.reminders_of([each.person_id for each in people], local_day(timezone.now()))
    return [(each, found.get(each.person_id)) for each in people]


@require_safe
@requires(MANAGE)
def shortage(request: HttpRequest) -> HttpResponseBase:
    """By name, in the credit year of the period's last day. The dashboard shows the first ten."""
    _start, end = period_of(request)
    organisation = _organisation(request.GET.get("org", ""))
    chosen = (request.actor, MANAGE, organisation, end)
    rows = standing.short_people(*chosen)
    found = standing.standing(*chosen)
    if wants_csv(request):
        return _shortage_csv(rows, found.year.year)
    is_fragment = _is_fragment(request)
    page = paginate(rows, page=request.GET.get("page"), per_page=10 if is_fragment else 30, count=found.short)
    people = _with_reminders([standing.shown(row) for row in page.items])
    context = {
        "found": found,
        "page": page,
        "people": people,
        "may_remind": any(reminder is None or not reminder.is_held for _person, reminder in people),
        "places": found.places[:SHOWN_SHORT],
        "others": found.others(SHOWN_SHORT),
        "address": request.build_absolute_uri(f"{reverse('credits:shortage_panel')}?{_query(request)}"),
        "is_fragment": is_fragment,
        "year": found.year.year,
        "query": _query(request),
        "organisation": organisation,
        "end": end,
    }
    return render(request, "credits/parts/shortage.html" if is_fragment else "credits/shortage.html", context)


def _list_of(request: HttpRequest) -> tuple[str, date]:
    """The organisation and the day of the list on which the people were chosen. Raises Invalid."""
    organisation, to = request.POST.get("org", ""), request.POST.get("to", "")
    day = day_of(to) if to else local_day(timezone.now())
    if day is None or (organisation and not _organisation(organisation)):
        raise Invalid
    return organisation, day


def _ask_before_reminding(request: HttpRequest, wanted: set[UUID], organisation: str, day: date) -> HttpResponse:
    """Who would be told, by name, before anything is sent."""
    chosen = standing.short_among(request.actor, MANAGE, organisation, day, wanted)
    if not chosen:
        raise NobodyToRemind
    context = {"chosen": chosen, "organisation": organisation, "end": day}
    return render(request, "credits/remind.html", context)


@require_POST
@requires(MANAGE)
def remind(request: HttpRequest) -> HttpResponse:
    """The first post asks, the second one that says so sends."""
    try:
        wanted = {UUID(text) for text in request.POST.getlist("person")}
    except ValueError:
        raise Invalid from None
    organisation, day = _list_of(request)
    if request.POST.get("is_sure") != "yes":
        return _ask_before_reminding(request, wanted, organisation, day)
    told = reminding.remind(
        actor=request.actor, person_ids=wanted, organisation=organisation, day=day, now=timezone.now()
    )
    messages.done(
        request,
        ngettext(
            "%(n)s person was reminded; nobody is reminded twice in one week.",
            "%(n)s people were reminded; nobody is reminded twice in one week.",
            told,
        )
        % {"n": told},
    )
    return redirect(f"{reverse('credits:shortage_panel')}?{urlencode({'org': organisation, 'to': day.isoformat()})}")


@require_safe
@requires(SUPERVISE)
def area(request: HttpRequest) -> HttpResponse:
    start, end = period_of(request)
    organisation = request.GET.get("org", "")
    found = standing.standing(request.actor, SUPERVISE, organisation, end)
    if wants_csv(request):
        return _area_csv(found, found.year.year)
    context = {
        "found": found,
        "places": _by_level(found.places[:SHOWN]),
        "others": found.others(SHOWN),
        "ledger": figures.ledger(request.actor, SUPERVISE, organisation, start, end),
        "start": start,
        "end": end,
        "year": found.year.year,
        "is_cut": cuts_a_month(start, end),
        "is_fragment": _is_fragment(request),
        "query": _query(request),
    }
    name = "credits/parts/area.html" if _is_fragment(request) else "credits/area.html"
    return render(request, name, context)
