"""The dashboards of my subtree: a shell. Figures and panels are registered by their owners; each reads `org`, `from`
and `to`. The page itself adds `figure` (what the map shows) and `view` (map or table)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.actor import Actor
from core.errors import Forbidden
from core.ui import area_table, effects, figures, registry
from core.ui.access import actor_of, signed_in
from core.ui.figures import PERMISSIONS, Areas, Question, Reading
from core.ui.tables import csv_file, wants_csv

DEFAULT_DAYS = 365
ROWS_BESIDE_MAP, ROWS_BESIDE_PANELS = 12, 20
SHORT_TABLE = 7  # rows; up to here the short panels stand under the table instead of under the map


class PeriodForm(forms.Form):
    """The three parameters that every panel reads; what cannot be read is shown as an error."""

    org = forms.ChoiceField(label=_("Organisation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = kwargs.pop("choices")
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [("", _("All of mine")), *choices]
        for name, label in (("from", _("From")), ("to", _("To"))):
            picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, widget=picker)


def period_of(request: HttpRequest) -> tuple[date, date]:
    """The days that a panel is asked for, both included; what cannot be read becomes the last twelve months."""
    end = day_of(request.GET.get("to", "")) or timezone.localdate()
    start = day_of(request.GET.get("from", "")) or end - timedelta(days=DEFAULT_DAYS)
    return (start, end) if start <= end else (end, start)


def day_of(text: str) -> date | None:
    """Only days of this century: beyond it lie typing errors and the calendar's end."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _read_all(actor: Actor, areas: Areas, organisation: str, start: date, end: date) -> list[Reading]:
    found = figures.figures_for(actor)
    sizes = {held: areas.sizes_for(held) for held in {held for _figure, held in found}}
    return [
        figures.read(figure, Question(actor, held, organisation, start, end), areas, sizes[held])
        for figure, held in found
    ]


def _effects(actor: Actor, areas: Areas, organisation: str, start: date, end: date) -> list[effects.Effect]:
    return effects.effects_of(actor, lambda held: Question(actor, held, organisation, start, end), areas)


def _rows_beside_map(actor: Actor) -> int:
    """As many areas as stand beside the map, and the short panels under it, without leaving a hole."""
    has_panels = any(panel.is_beside for panel in registry.panels_for("supervision", actor))
    return ROWS_BESIDE_PANELS if has_panels else ROWS_BESIDE_MAP


def _figures_part(request: HttpRequest, readings: list[Reading], areas: Areas) -> dict[str, Any]:
    wanted = request.GET.get("figure", "")
    chosen = next((r for r in readings if r.figure.key == wanted), readings[0] if readings else None)
    if chosen is None:
        return {"areas": areas}
    lines = area_table.lines_of(readings, chosen, areas)
    shows_amount = chosen.is_rated or chosen.figure.kind == "share"
    view = "table" if request.GET.get("view") == "table" else "map"
    is_cut = view == "map" and request.GET.get("rows") != "all"
    groups = area_table.groups_of(lines, _rows_beside_map(actor_of(request)) if is_cut else None)
    return {
        "areas": areas,
        "readings": readings,
        "chosen": chosen,
        "view": view,
        "lines": lines,
        "spread": area_table.spread_of(lines),
        "has_map": bool(areas.parts) and view == "map",
        "groups": groups,
        "is_short": len(lines) <= SHORT_TABLE,
        "is_opened": view == "map" and not is_cut,
        "is_divided": len({line.is_apart for line in lines}) > 1,
        "shows_amount": shows_amount,
        "width": 2 + len(readings) + shows_amount + chosen.is_by_heads,
        **area_table.map_of(chosen, areas),
    }


def _csv(context: dict[str, Any], start: date, end: date) -> HttpResponse:
    header, rows = area_table.file_of(context["readings"], context["lines"])
    return csv_file(f"figures-{start.isoformat()}-{end.isoformat()}", header, rows)


def _form(request: HttpRequest, actor: Actor, areas: Areas | None) -> PeriodForm:
    today = timezone.localdate()
    data = request.GET.copy()
    data.setdefault("from", (today - timedelta(days=DEFAULT_DAYS)).isoformat())
    data.setdefault("to", today.isoformat())
    choices = list(registry.scopes_for(actor, timezone.now()))
    if areas and areas.here and str(areas.here.id) not in {key for key, _name in choices}:
        choices.append((str(areas.here.id), areas.here.name))
    return PeriodForm(data, choices=choices, auto_id="period_%s")


@require_safe
@signed_in
def supervision(request: HttpRequest) -> HttpResponse:
    """Raises Forbidden for whoever neither supervises nor manages training."""
    actor = actor_of(request)
    if not any(actor.may(permission) for permission in PERMISSIONS):
        raise Forbidden
    start, end = period_of(request)
    organisation = request.GET.get("org", "")
    areas = figures.areas_of(actor, organisation)
    context: dict[str, Any] = {"start": start, "end": end, "form": _form(request, actor, areas)}
    context["supervises"] = actor.may("supervise.view")  # a manager of training sees no consults here
    if areas is not None:
        context |= _figures_part(request, _read_all(actor, areas, organisation, start, end), areas)
    if wants_csv(request) and "lines" in context:
        return _csv(context, start, end)
    if areas is not None:
        context["effects"] = _effects(actor, areas, organisation, start, end)
    context["panels"] = registry.panels_for("supervision", actor)
    return render(request, "ui/supervision.html", context)
