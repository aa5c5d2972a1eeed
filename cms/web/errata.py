"""Corrections beside the blocks of the edition in use."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms import editions, selectors, services
from cms.web.desk import content_language
from core.content import block_of
from core.ui.access import requires


@require_http_methods(["GET", "POST"])
@requires("course.publish")
def errata(request: HttpRequest, course_id: UUID) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    edition = editions.latest_edition(found.pk)
    if request.method == "POST":
        services.set_erratum(
            actor=request.actor,
            edition_id=edition.id,
            node_key=request.POST.get("node_key", ""),
            text=request.POST.get("text", ""),
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("cms:errata", course_id)
    overlay = editions.get_overlay(edition.id)
    rows = [
        {
            "unit": unit.title,
            "node": node,
            "label": block_of(node.kind).label,
            "erratum": overlay.errata.get(node.key, ""),
            "is_void": node.key in overlay.voids,
        }
        for unit in edition.units
        for node in unit.nodes
    ]
    context = {"course": found, "content_language": content_language(found), "edition": edition, "rows": rows}
    return render(request, "cms/desk/errata.html", context)
