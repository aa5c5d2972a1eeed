"""The trail, read by an auditor."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.audit import record, selectors
from core.audit.models import AuditEntry
from core.audit.web.forms import FilterForm
from core.ui.access import actor_of, requires
from core.ui.pagination import Page, paginate

PER_PAGE = 50


@require_GET
@requires(selectors.PERMISSION)
def trail(request: HttpRequest) -> HttpResponse:
    """One page of entries. Reading the trail is itself an entry: who audits the auditor can see what was asked."""
    form = FilterForm(request.GET)
    filters = form.filters()
    actor = actor_of(request)
    page: Page[AuditEntry] = paginate(selectors.trail(actor, filters), page=request.GET.get("page"), per_page=PER_PAGE)
    record(
        action="audit.viewed",
        actor=actor,
        subject_type="audit",
        subject_id="trail",
        organisation_path=_own_path(request),
        details={name: value for name, value in form.cleaned_data.items() if value} | {"page": page.number},
        now=timezone.now(),
    )
    names = selectors.names_of({row.actor_id for row in page if row.actor_id})
    context = {
        "form": form,
        "page": page,
        "rows": [{"entry": row, "name": _name(row, names), "details": sorted(row.details.items())} for row in page],
        "seals": selectors.seal_state(),
        "is_filtered": not filters.is_empty,
    }
    return render(request, "audit/trail.html", context)


def _own_path(request: HttpRequest) -> str:
    """The highest organisation that the auditor acts for."""
    paths = [g.organisation_path for g in actor_of(request).grants if selectors.PERMISSION in g.permissions]
    return min(paths, key=len)


def _name(row: AuditEntry, names: dict[UUID, str]) -> str:
    return names.get(row.actor_id, "") if row.actor_id else ""
