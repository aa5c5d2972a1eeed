"""The panel of learning on the supervision page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.ui.access import requires
from core.ui.supervision import period_of
from lms.selectors import figures


@require_safe
@requires(figures.PERMISSION)
def learning(request: HttpRequest) -> HttpResponse:
    """A fragment for the dashboard, a page of its own without script."""
    start, end = period_of(request)
    found = figures.learning(request.actor, request.GET.get("org", ""), start, end)
    name = "lms/parts/learning.html" if request.headers.get("HX-Request") else "lms/learning.html"
    return render(request, name, {"figures": found, "start": start, "end": end})
