"""The panel of the first screen: my credits of this year against what is asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.ui.access import signed_in
from credits.web.transcript import year_context


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """A fragment for the first screen, a page of its own without script."""
    name = "credits/parts/mine.html" if request.headers.get("HX-Request") else "credits/mine.html"
    return render(request, name, year_context(request))
