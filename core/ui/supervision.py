"""The dashboards of my subtree: a shell. Figures and panels are registered by their owners; each reads `org`, `from`
and `to`. The page itself adds `figure` (what the map shows) and `view` (map or table)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from core.ui import figures, hexmap, registry
from core.ui.access import actor_of, signed_in
from core.ui.figures import PERMISSIONS, Area, Areas, Cell, Question, Reading
from core.ui.tables import csv_file, wants_csv

DEFAULT_DAYS = 365


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
    end = _day(request.GET.get("to", "")) or timezone.localdate()
    start = _day(request.GET.get("from", "")) or end - timedelta(days=DEFAULT_DAYS)
    return (start, end) if start <= end else (end, start)


def _day(text: str) -> date | None:
    """Only days of this century: beyond it lie typing errors and the calendar's end."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


@dataclass(frozen=True, slots=True)
class Line:
    """One area in the table: its rank by the chosen figure (None where that has no number), a cell per figure."""

    rank: int | None
    area: Area
    cells: list[tuple[Reading, Cell]]


@dataclass(frozen=True, slots=True)
class Mark:
    """One tile as drawn: `step` is the colour, 1 to 5; 0 has no number, -1 is kept back."""

    tile: hexmap.Tile
    cell: Cell
    step: int


def _read_all(actor: Actor, areas: Areas, organisation: str, start: date, end: date) -> list[Reading]:
    return [
        figures.read(figure, Question(actor, held, organisation, start, end), areas)
        for figure, held in figures.figures_for(actor)
    ]


def _lines(readings: Sequence[Reading], chosen: Reading, areas: Areas) -> list[Line]:
    """Best first by the chosen figure; what is kept back or has no number stands at the end."""
    rows = [*areas.parts, *([areas.here] if areas.here and areas.here.id in chosen.cells else [])]
    nothing = Cell(figures.Amount(), None)

    def value(area: Area) -> float:
        shown = chosen.cells.get(area.id, nothing).shown
        return float("-inf") if shown is None else shown

    lines = []
    for place, area in enumerate(sorted(rows, key=lambda a: (-value(a), a.name)), start=1):
        cells = [(reading, reading.cells.get(area.id, nothing)) for reading in readings]
        lines.append(Line(place if value(area) != float("-inf") else None, area, cells))
    return lines


def _marks(drawn: hexmap.HexMap, chosen: Reading, bounds: Sequence[float]) -> list[Mark]:
    marks = []
    for tile in drawn.tiles:
        cell = chosen.cells.get(tile.area.id) or Cell(figures.Amount(), None)
        step = -1 if cell.kept else 0 if cell.shown is None else hexmap.step_of(cell.shown, bounds)
        marks.append(Mark(tile, cell, step))
    return marks


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _map(chosen: Reading, areas: Areas) -> dict[str, Any]:
    drawn = hexmap.lay_out(areas.parts)
    tiles = {tile.area.id for tile in drawn.tiles}
    shown = [cell.shown for key, cell in chosen.cells.items() if key in tiles and cell.shown is not None]
    bounds = hexmap.cuts(shown)
    marks = _marks(drawn, chosen, bounds)
    is_whole = chosen.figure.kind == "count" and all(value == int(value) for value in shown)
    return {
        "map": drawn,
        "marks": marks,
        "legend": hexmap.legend(bounds, _number, is_whole=is_whole),
        "has_gaps": any(mark.step == 0 for mark in marks),
        "has_kept": any(mark.step == -1 for mark in marks),
        "undrawn": len(areas.parts) - len(tiles),
    }


def _figures_part(request: HttpRequest, readings: list[Reading], areas: Areas) -> dict[str, Any]:
    wanted = request.GET.get("figure", "")
    chosen = next((r for r in readings if r.figure.key == wanted), readings[0] if readings else None)
    if chosen is None:
        return {"areas": areas}
    view = "table" if request.GET.get("view") == "table" else "map"
    return {
        "areas": areas,
        "readings": readings,
        "chosen": chosen,
        "view": view,
        "lines": _lines(readings, chosen, areas),
        **_map(chosen, areas),
    }


def _csv(context: dict[str, Any], start: date, end: date) -> HttpResponse:
    """The table of the areas: for each figure its number and what it is a share of; kept-back cells are words."""
    header: list[Any] = [_("Organisation")]
    for reading in context["readings"]:
        header += [reading.figure.label, *([reading.figure.base_label] if reading.figure.kind == "share" else [])]
    rows = []
    for line in context["lines"]:
        row: list[Any] = [line.area.name]
        for reading, cell in line.cells:
            words = {"small": "<5", "withheld": str(_("withheld"))}.get(cell.kept)
            row.append(words or ("" if cell.shown is None else cell.shown))
            if reading.figure.kind == "share":
                row.append(words or cell.amount.base)
        rows.append(row)
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
    if areas is not None:
        context |= _figures_part(request, _read_all(actor, areas, organisation, start, end), areas)
    if wants_csv(request) and "lines" in context:
        return _csv(context, start, end)
    context["panels"] = registry.panels_for("supervision", actor)
    return render(request, "ui/supervision.html", context)
