"""`{% load ui %}`: the template tags of the house. What they draw is on `/components/`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template import RequestContext
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.ui import assets, registry
from core.ui.figures import Cell, Reading, rate_places
from core.ui.pagination import Page
from core.ui.tags import drawing, fields, shell, symbols, times, words

register = template.Library()

register.simple_tag(symbols.icon)
register.simple_tag(symbols.glyph)
register.simple_tag(symbols.chip)
register.simple_tag(symbols.plain_chip)
register.simple_tag(symbols.flag)
register.simple_tag(symbols.avatar)
register.simple_tag(symbols.count_badge)
register.simple_tag(shell.shell_part, takes_context=True)
register.simple_tag(times.date_time)
register.simple_tag(times.weekday)
register.simple_tag(times.short_time)
register.simple_tag(times.plain_date, name="date")
register.simple_tag(times.time_ago)
register.simple_tag(times.span)
register.simple_tag(drawing.sparkline)
register.simple_tag(drawing.ring)
register.simple_tag(drawing.diff)
register.filter(words.spoken)


@register.simple_tag
def figure_number(value: float, is_bare: bool = False, places: int | None = None) -> str:
    """A figure as it is written: thousands apart; `is_bare` leaves the sign out.

    `places` are its decimals, so that a row of figures has as many each time; without them none is empty.
    """
    number = abs(value) if is_bare else value
    return f"{number:,.1f}".removesuffix(".0") if places is None else f"{number:,.{places}f}"


@register.simple_tag
def area_number(reading: Reading, cell: Cell) -> str:
    """What an area is ranked and coloured by: the number itself, or for each hundred of its base."""
    value = reading.compared(cell)
    if value is None:
        return "–"
    is_percent = reading.figure.kind == "share" or (reading.is_rated and reading.figure.per == "base")
    if is_percent:
        return f"{figure_number(value, places=1)}%"
    return figure_number(value, places=rate_places(value) if reading.is_rated else reading.figure.places)


@register.simple_tag
def area_amount(reading: Reading, cell: Cell) -> str:
    """The number behind it: what was counted, "41 / 43" where it is counted among others."""
    if cell.shown is None:
        return "–"
    value = figure_number(cell.amount.value, places=0 if reading.figure.kind == "share" else reading.figure.places)
    return f"{value} / {figure_number(cell.amount.base)}" if cell.amount.base else value


@register.filter
def signed(value: str) -> str:
    """A formatted number with the minus sign of typography (U+2212) instead of the hyphen."""
    return str(value).replace("-", "\u2212")


@register.simple_tag
def figure_list(values: Iterable[float]) -> str:
    """Figures one after the other, for the label of a drawing."""
    return ", ".join(figure_number(value) for value in values)


@register.simple_tag
def vite(name: str) -> SafeString:
    """Stylesheets and module scripts of an entry; nothing when the front end is not built."""
    entry = assets.entry(name)
    styles = format_html_join("\n", '<link rel="stylesheet" href="{}">', ((path,) for path in entry.styles))
    scripts = format_html_join("\n", '<script type="module" src="{}"></script>', ((path,) for path in entry.scripts))
    return format_html("{}\n{}", styles, scripts)


@register.inclusion_tag("ui/parts/field.html")
def form_field(field: BoundField, css: str = "", label: Any = None, hint: Any = None) -> dict[str, Any]:
    """One field: `{% form_field form.question %}`; `css="x-input--num"` for short numbers."""
    return fields.field_context(field, css=css, label=label, hint=hint)


@register.inclusion_tag("ui/parts/fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """Every field of a form in order, the hidden ones first."""
    return {"form": form}


@register.inclusion_tag("ui/parts/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The summary on top of a form that came back: links to each field, takes the focus."""
    return {"errors": fields.summary_errors(form) if form.is_bound else []}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pagination(context: RequestContext, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Page links that keep every other parameter of the address."""
    query: QueryDict = context["request"].GET.copy()

    def address(number: int) -> str:
        query[parameter] = str(number)
        return "?" + query.urlencode()

    numbers = [(number, address(number) if number else "") for number in page.numbers()]
    return {
        "page": page,
        "numbers": numbers,
        "previous": address(page.number - 1) if page.has_previous else "",
        "next": address(page.number + 1) if page.has_next else "",
    }


@register.inclusion_tag("ui/parts/empty.html")
def empty_state(
    title: str,
    text: str = "",
    action_url: str = "",
    action_label: str = "",
    icon: str = "",
    level: int = 2,
) -> dict[str, Any]:
    """What would be here, why it is empty, one thing to do. The grove is drawn unless an icon is named."""
    return {
        "title": title,
        "text": text,
        "action_url": action_url,
        "action_label": action_label,
        "icon_name": icon,
        "level": level,
    }


@register.inclusion_tag("ui/parts/clock.html")
def clock(started_at: datetime, due_at: datetime, paused_at: datetime | None = None) -> dict[str, Any]:
    """The urgency clock from `started_at` to `due_at`; it stands still at `paused_at`."""
    face = times.clock_face(started_at, due_at, paused_at or timezone.now())
    return {
        "face": face,
        "dash": f"{(100 if face.tone == 'late' else face.share * 100):.1f} 100",
        "started_at": started_at,
        "due_at": due_at,
        "is_paused": paused_at is not None,
        "words": times.clock_words(),
    }


@register.inclusion_tag("ui/parts/stepper.html")
def stepper(steps: Iterable[Any], label: str) -> dict[str, Any]:
    """Where a thing is: items with `label`, `state` ("done", "now", "todo") and optionally `at` or `note`."""
    shown = list(steps)
    position = next((i for i, step in enumerate(shown, 1) if _read(step, "state") == "now"), None)
    return {
        "steps": shown,
        "label": label,
        "position": position,
        "total": len(shown),
        "present": shown[position - 1] if position else None,
    }


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened: items with `text`, `at`, and optionally `who` and `state` ("done", "now", "bad", "")."""
    return {"entries": entries}


@register.inclusion_tag("ui/parts/facts.html")
def facts(pairs: Iterable[tuple[Any, Any]], layout: str = "") -> dict[str, Any]:
    """A definition list from (name, value) pairs; an empty value is an en rule. layout: "" or "row"."""
    return {"pairs": [(name, "–" if value in (None, "") else value) for name, value in pairs], "layout": layout}


@register.inclusion_tag("ui/parts/progress.html")
def progress(done: int, total: int, label: str, note: str = "") -> dict[str, Any]:
    """Long work: a bar with its numbers."""
    return {"done": done, "total": max(total, 1), "label": label, "note": note}


@register.inclusion_tag("ui/parts/actions.html", takes_context=True)
def page_actions(context: RequestContext, page: str, subject_id: UUID) -> dict[str, Any]:
    """Buttons that other rooms have registered for this page."""
    request = context["request"]
    actions = registry.actions_for(page, request.actor, subject_id)
    return {"actions": actions, "request": request, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/parts/panels.html", takes_context=True)
def panels(context: RequestContext, area: str, width: str = "", is_beside: bool | None = None) -> dict[str, Any]:
    """Panels of an area, each loaded as a fragment; without script each is a link to its own page.

    `width`: "wide" or "narrow" for a page that has a place for each of them; `is_beside` for one with a map.
    """
    request = context["request"]
    query = request.META.get("QUERY_STRING", "")
    shown = [
        panel
        for panel in registry.panels_for(area, request.actor)
        if (not width or panel.is_wide == (width == "wide")) and is_beside in (None, panel.is_beside)
    ]
    return {"panels": shown, "is_beside": is_beside, "query": f"?{query}" if query else ""}


@register.simple_tag(takes_context=True)
def with_query(context: RequestContext, **changes: Any) -> str:
    """The present address's query with some parameters changed; None takes one away. Page numbers start anew."""
    query: QueryDict = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


def _read(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, dict) else getattr(item, name, None)
