"""The trail, read by an auditor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from core.audit import record, selectors
from core.audit.models import AuditEntry
from core.audit.reading import Row as Found
from core.audit.reading import any_bytes, as_they_stand
from core.audit.web.forms import FilterForm
from core.audit.web.rows import Row, Spoilt, rows_of
from core.audit.words import Family
from core.ui.access import actor_of, requires
from core.ui.filters import active_filters
from core.ui.pagination import Page, paginate
from core.ui.tables import csv_file, wants_csv

PER_PAGE = 50
SET_IN_BAR = ("q", "family", "action", "since", "until")
MOST_ROWS = 10_000  # of a file: what a spreadsheet still opens at once


@require_GET
@requires(selectors.PERMISSION)
def trail(request: HttpRequest) -> HttpResponse:
    """One page of entries, or a file of them. Either is itself an entry: who audits the auditor sees what was asked."""
    form = FilterForm(request.GET)
    filters = form.filters()
    now = timezone.now()
    entries = selectors.trail(actor_of(request), filters)
    if wants_csv(request):
        with any_bytes():
            found = list(as_they_stand(entries[:MOST_ROWS]))
        _note(request, "audit.exported", form, {"rows": len(found)}, now)
        return _file(rows_of(found), now)
    with any_bytes():
        page: Page[Found[AuditEntry]] = paginate(
            entries, page=request.GET.get("page"), per_page=PER_PAGE, read=as_they_stand
        )
    _note(request, "audit.viewed", form, {"page": page.number}, now)
    context = {
        "form": form,
        "drawn_fields": [form[name] for name in ("family", "action", "since", "until")],
        "filters_extra": "audit/parts/switches.html",
        "has_looks": filters.has_looks,
        "refused": Family.REFUSED.value,
        "page": page,
        "rows": rows_of(list(page)),
        "seals": selectors.seal_state(),
        "is_filtered": not filters.is_empty,
        "active": active_filters(form, SET_IN_BAR, form.action_words()),
        "folds": True,
        "most_rows": MOST_ROWS,
    }
    return render(request, "audit/trail.html", context)


def _note(request: HttpRequest, action: str, form: FilterForm, details: dict[str, Any], now: datetime) -> None:
    record(
        action=action,
        actor=actor_of(request),
        subject_type="audit",
        subject_id="trail",
        organisation_path=_own_path(request),
        details={name: value for name, value in form.cleaned_data.items() if value} | details,
        now=now,
    )


def _own_path(request: HttpRequest) -> str:
    """The highest organisation that the auditor acts for."""
    paths = [g.organisation_path for g in actor_of(request).grants if selectors.PERMISSION in g.permissions]
    return min(paths, key=len)


def _file(rows: list[Row | Spoilt], now: datetime) -> HttpResponse:
    """Words for people beside the codes and full ids for programs; of an entry that cannot be read, that."""
    header = (
        _("Time"), pgettext("audit", "Kind"), pgettext("audit", "Action"), pgettext("audit", "Code"), _("Person"),
        _("Person’s number"), _("Acted on"), pgettext("audit", "Name"), _("Subject number"), _("Recorded facts"),
        _("Entry number"),
    )  # fmt: skip
    return csv_file(f"audit-{timezone.localtime(now):%Y%m%d-%H%M}", header, (_line(row) for row in rows))


def _line(row: Row | Spoilt) -> tuple[Any, ...]:
    if isinstance(row, Spoilt):
        return (*[""] * 9, row.sentence(), row.key)
    facts = "; ".join(f"{name}: {value.whole or value.words}" for name, value in row.facts)
    return (
        timezone.localtime(row.entry.at).isoformat(timespec="seconds"), row.chip.label if row.chip else "",
        row.action, row.entry.action, row.person.words, row.entry.actor_id or "", row.subject_label,
        row.subject.words, row.entry.subject_id, facts, row.entry.pk,
    )  # fmt: skip
