"""The list of consults and the work list."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from consult_bridge.models import Consult
from consult_bridge.selectors import consults as selectors
from consult_bridge.selectors import studies
from consult_bridge.selectors.drafts import draft_life, drafts_of
from consult_bridge.selectors.reports import bars_for
from consult_bridge.web.draft_list import drafts_shown
from consult_bridge.web.small_forms import FilterForm
from core.actor import Actor
from core.audit import note_list
from core.ui.access import actor_of, requires
from core.ui.filters import active_filters
from core.ui.pagination import paginate

TAB_LABELS = {
    "open": pgettext_lazy("consult", "Open"),
    "waiting": _("Awaiting information"),
    "signed": _("To be closed"),
    "ended": _("Ended"),
    "all": pgettext_lazy("filter", "All"),
}
WORK_LABELS = {
    "mine": _("Mine in hand"),
    "report": _("Reports to write"),
    "triage": _("To triage"),
    "check": pgettext_lazy("consult", "Waiting for my review"),
    "waiting": _("Awaiting information"),
    "team": _("The whole hospital"),
}
OWN_WORK = ("mine", "triage", "check")
PER_PAGE = 25
LATEST, LATEST_TABS = 5, ("open", "waiting", "signed")


@require_safe
@requires("consult.view")
def consult_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = FilterForm(request.GET)
    filters = form.filters()
    tab = request.GET.get("tab", "open")
    may_request = actor.may("consult.request")
    if tab == "drafts" and may_request:
        return _draft_list(request, form, filters)
    tab = tab if tab in selectors.TABS else "open"
    page = paginate(selectors.consult_list(actor, tab, filters), page=request.GET.get("page"), per_page=PER_PAGE)
    bars = bars_for(actor)
    _note(actor, "consults", len(page.items) + len(bars))
    context = {
        **_bar(form, tab, "urgency", "specialty", "service_type", "state"),
        "may_request": may_request,
        "bars": bars,
        "tab": tab,
        "tabs": _tabs(actor, filters),
        "page": page,
        "covers": studies.covers_of(actor, page.items, timezone.now()),
    }
    return render(request, "consult_bridge/consults.html", context)


def _draft_list(request: HttpRequest, form: FilterForm, filters: selectors.Filters) -> HttpResponse:
    """The unsent requests of this person; filters are for consults."""
    actor = actor_of(request)
    bars, drafts = bars_for(actor), drafts_shown(actor, timezone.now())
    _note(actor, "drafts", len(drafts) + len(bars))
    context = {
        "form": form,
        "may_request": True,
        "bars": bars,
        "tab": "drafts",
        "tabs": _tabs(actor, filters),
        "drafts": drafts,
        "days": draft_life().days,
    }
    return render(request, "consult_bridge/drafts.html", context)


def _bar(form: FilterForm, tab: str, *fields: str) -> dict[str, Any]:
    """The bar above a list with what it is set to; `tab` stays when a filter is taken away."""
    active = active_filters(form, ("q", *fields), tab=tab)
    return {
        "form": form,
        "filter_fields": [form[name] for name in fields],
        "active": active,
        "is_filtered": bool(active),
        "folds": True,
    }


def _tabs(actor: Actor, filters: selectors.Filters) -> list[tuple[str, Any, str]]:
    """The views of the list with their numbers; who may ask has their drafts beside them."""
    tabs = [(name, TAB_LABELS[name], _count(selectors.consult_list(actor, name, filters))) for name in selectors.TABS]
    if actor.may("consult.request"):
        number = selectors.shown_count(drafts_of(actor).count())
        tabs.append(("drafts", pgettext_lazy("consult", "Drafts"), number))
    return tabs


def _note(actor: Actor, name: str, shown: int) -> None:
    """A list that shows patients' names is read like a record."""
    note_list(actor=actor, name=f"consult_bridge.{name}", permission="consult.view", shown=shown, now=timezone.now())


def _count(rows: QuerySet[Consult]) -> str:
    return selectors.shown_count(selectors.capped_count(rows))


def _first_with_work(numbers: dict[str, int]) -> str:
    """The view that opens by itself: the first of one's own where something waits, as the badge says."""
    own = [name for name in numbers if name in OWN_WORK]
    return next((name for name in own if numbers[name]), next(iter(numbers)))


@require_safe
@requires("consult.view")
def latest(request: HttpRequest) -> HttpResponse:
    """The panel of the first screen: how many in each state, and the newest few. A page of its own without script."""
    actor, filters = actor_of(request), selectors.Filters()
    newest = list(selectors.consult_list(actor, "all", filters)[:LATEST])
    _note(actor, "latest", len(newest))
    context = {
        "tabs": [
            (name, TAB_LABELS[name], _count(selectors.consult_list(actor, name, filters))) for name in LATEST_TABS
        ],
        "latest": newest,
        "covers": studies.covers_of(actor, newest, timezone.now()),
    }
    name = "consult_bridge/parts/mine.html" if request.headers.get("HX-Request") else "consult_bridge/mine.html"
    return render(request, name, context)


@require_safe
@requires("consult.view")
def work_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    now = timezone.now()
    form = FilterForm(request.GET)
    filters = form.filters()
    names = selectors.work_tabs(actor)
    numbers = {name: selectors.capped_count(selectors.work_list(actor, name, filters)) for name in names}
    tab = request.GET.get("tab", "")
    tab = tab if tab in names else _first_with_work(numbers)
    tabs = [(name, WORK_LABELS[name], selectors.shown_count(number)) for name, number in numbers.items()]
    page = paginate(selectors.work_list(actor, tab, filters), page=request.GET.get("page"), per_page=PER_PAGE)
    bars = bars_for(actor)
    _note(actor, "worklist", len(page.items) + len(bars))
    context = {
        **_bar(form, tab, "urgency", "specialty", "service_type"),
        "bars": bars,
        "tab": tab,
        "tabs": tabs,
        "page": page,
        "covers": studies.covers_of(actor, page.items, now),
        "late": selectors.capped_count(selectors.overdue(selectors.work_list(actor, tab, filters), now)),
    }
    return render(request, "consult_bridge/worklist.html", context)
