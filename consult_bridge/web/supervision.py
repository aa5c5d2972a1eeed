"""The supervision panel: consults of my subtree by organisation, over a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consult_bridge.selectors.supervision import consults_by_organisation, period_of
from core.ui.access import actor_of, requires


@require_safe
@requires("supervise.view")
def panel(request: HttpRequest) -> HttpResponse:
    """Table and chart; a fragment for the dashboard, a page of its own without script."""
    start, end = period_of(request.GET.get("from", ""), request.GET.get("to", ""), timezone.localdate())
    figures = consults_by_organisation(actor_of(request), request.GET.get("org", ""), start, end)
    is_fragment = bool(request.headers.get("HX-Request"))
    name = "consult_bridge/parts/supervision.html" if is_fragment else "consult_bridge/supervision.html"
    return render(request, name, {"figures": figures, "start": start, "end": end})
