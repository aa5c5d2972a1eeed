"""Supervision panels: consults of my subtree by hospital and month, and hospitals that ask nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult_bridge.selectors import supervision as selectors
from core.ui import figures as areas
from core.ui.access import actor_of, requires
from core.ui.months import cuts_a_month
from core.ui.supervision import period_of
from core.ui.tables import csv_file, wants_csv

SHOWN, SHOWN_BESIDE_MAP = 9, 6
FEW = 4  # hospitals: as many do not fill the place beside a chart


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


@require_safe
@requires("supervise.view")
def panel(request: HttpRequest) -> HttpResponse:
    """Table and chart; a fragment for the dashboard with the busiest hospitals, a page of its own with all; CSV.

    In a county the hospitals are not listed: beside the sums they would give away what a single township asked.
    """
    start, end = period_of(request)
    organisation = request.GET.get("org", "")
    places = areas.areas_of(actor_of(request), organisation)
    if places is not None and places.is_too_small:
        return render(request, _template(request, "supervision"), {"is_too_small": True})
    found = selectors.consults_by_organisation(actor_of(request), organisation, start, end)
    listed = [] if places is not None and places.keeps_small_back else found.rows
    if wants_csv(request):
        return _consults_csv(found, listed, f"consults-{start.isoformat()}-{end.isoformat()}")
    rows = _busiest(listed) if _is_fragment(request) else listed
    context = {"figures": found, "rows": rows, "others": len(listed) - len(rows), "start": start, "end": end}
    context |= {"slowest": found.slowest if listed else None, "is_cut": cuts_a_month(start, end)}
    context |= {"is_fragment": _is_fragment(request), "is_duo": _is_fragment(request) and len(rows) > FEW}
    return render(request, _template(request, "supervision"), context | {"query": request.GET.urlencode()})


def _template(request: HttpRequest, name: str) -> str:
    return f"consult_bridge/parts/{name}.html" if _is_fragment(request) else f"consult_bridge/{name}.html"


def _busiest(rows: list[selectors.OrganisationRow]) -> list[selectors.OrganisationRow]:
    """As many as the dashboard shows, in the order of all."""
    return sorted(sorted(rows, key=lambda row: -row.asked)[:SHOWN], key=lambda row: row.level)


def _shown(row: selectors.OrganisationRow | selectors.HospitalRow) -> str:
    return row.name_en if get_language() == "en" else row.name


def _consults_csv(found: selectors.Figures, listed: list[selectors.OrganisationRow], name: str) -> HttpResponse:
    header = [_("Hospital"), _("Asked"), _("Answered"), _("In time"), _("Declined")]
    order = ("asked", "answered", "in_time", "declined")
    rows = [[_shown(row), *(getattr(row, column) for column in order)] for row in listed]
    total = [_("Total, townships and villages included"), *(getattr(found, column) for column in order)]
    return csv_file(name, header, [*rows, total])


@require_safe
@requires("supervise.view")
def silent(request: HttpRequest) -> HttpResponse:
    """County hospitals without a request in the period, the longest silent first; CSV."""
    start, end = period_of(request)
    rows = selectors.hospitals(actor_of(request), request.GET.get("org", ""), start, end)
    quiet = [row for row in rows if row.asked == 0]
    if wants_csv(request):
        lines = [
            [
                _shown(row),
                timezone.localdate(row.last).isoformat() if row.last else "",
            ]
            for row in quiet
        ]
        header = [_("Hospital"), pgettext("consult", "Last request")]
        return csv_file(f"silent-{start.isoformat()}-{end.isoformat()}", header, lines)
    shown = quiet[:SHOWN_BESIDE_MAP] if _is_fragment(request) else quiet
    context = {"quiet": shown, "number": len(quiet), "others": len(quiet) - len(shown), "all": len(rows)}
    context |= {"start": start, "end": end, "query": request.GET.urlencode()}
    return render(request, _template(request, "silent"), context)
