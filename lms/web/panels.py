"""The panel of learning on the supervision page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.ui.access import requires
from core.ui.months import cuts_a_month
from core.ui.supervision import period_of
from core.ui.tables import csv_file, wants_csv
from lms.selectors import figures


@require_safe
@requires(figures.PERMISSION)
def learning(request: HttpRequest) -> HttpResponse:
    """A fragment for the dashboard, a page of its own without script."""
    start, end = period_of(request)
    found = figures.learning(
        request.actor, request.GET.get("org", ""), start, end, shown=None if wants_csv(request) else figures.SHOWN
    )
    if wants_csv(request):
        rows = [[row.name_en if get_language() == "en" else row.name, row.enrolled, row.passed] for row in found.rows]
        header = [_("Organisation"), _("Enrolled"), _("Passed")]
        return csv_file(f"learning-{start.isoformat()}-{end.isoformat()}", header, rows)
    is_fragment = bool(request.headers.get("HX-Request"))
    context = {"figures": found, "start": start, "end": end, "is_cut": cuts_a_month(start, end)}
    context |= {"query": request.GET.urlencode(), "is_fragment": is_fragment}
    return render(request, "lms/parts/learning.html" if is_fragment else "lms/learning.html", context)
