"""The coordinator's page: judge the request, assign it, ask back, decline."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult_bridge import policies
from consult_bridge.errors import AssignedMeanwhile, ConsultWentOn
from consult_bridge.models import Consult
from consult_bridge.selectors import consults as selectors
from consult_bridge.selectors.experts import ExpertLoad, experts_with_load
from consult_bridge.selectors.identities import images_not_attached
from consult_bridge.selectors.record import labs_of, last_assignment, vitals_of
from consult_bridge.selectors.studies import attachments_of, studies_named
from consult_bridge.services.triage import assign, decline, request_information, start_triage
from consult_bridge.states import CONSULT
from consult_bridge.web.responding import say, show_on
from consult_bridge.web.small_forms import AssignForm, DeclineForm, InformationForm
from core.errors import Forbidden, Invalid
from core.ui.access import actor_of, requires
from core.ui.problems import wants_problem
from media_pipeline import api as media


@require_http_methods(["GET", "HEAD", "POST"])
@requires("consult.triage")
def triage_consult(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    now = timezone.now()
    consult = selectors.get_consult(actor_of(request), consult_id, now=now)
    if not policies.may_triage(actor_of(request), consult):
        raise Forbidden
    action = request.POST.get("action", "")
    experts = experts_with_load(consult, now=now)
    asked = {"urgency": consult.urgency, "replaces": consult.expert_id, "expert": _suggested(consult, experts)}
    forms: dict[str, Any] = {
        "assign": AssignForm(request.POST if action == "assign" else None, experts=experts, initial=asked),
        "ask": InformationForm(request.POST if action == "ask" else None, prefix="ask"),
        "decline": DeclineForm(
            request.POST if action == "decline" else None,
            prefix="decline",
            initial={"assigned_to": consult.expert_id},
        ),
    }
    if request.method != "POST":
        return _show(request, consult, experts, forms, now)
    try:
        done = _act(request, consult_id, action, forms, now)
    except (AssignedMeanwhile, ConsultWentOn) as error:
        if wants_problem(request):
            raise
        consult = selectors.get_consult(actor_of(request), consult_id, now=now)
        return _show(request, consult, experts, forms, now, conflict=error)
    return done or _show(request, consult, experts, forms, now, status=422)


def _suggested(consult: Consult, experts: list[ExpertLoad]) -> UUID | None:
    """Who has it; else the expert of its specialty with the least in hand."""
    first = experts[0] if experts and experts[0].is_of_specialty else None
    return consult.expert_id or (first.card.id if first else None)


def _show(
    request: HttpRequest,
    consult: Consult,
    experts: list[ExpertLoad],
    forms: dict[str, Any],
    now: datetime,
    *,
    conflict: AssignedMeanwhile | ConsultWentOn | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page. With `conflict` it says what happened since it was opened, with what was typed; where another expert
    has it, it asks whether what was pressed is still meant."""
    actor, words = actor_of(request), request.GET.get("q", "").strip()[:60]
    chosen = str(forms["assign"]["expert"].value() or "")
    shown = [load for load in experts if not words or load.is_like(words) or str(load.card.id) == chosen]
    studies = studies_named(consult)
    context = {
        "consult": consult,
        "record": consult.record,
        "vitals": vitals_of(consult),
        "labs": labs_of(consult),
        "attachments": attachments_of(consult),
        "studies": studies,
        "covers": media.covers(actor=actor, study_ids=[study.study_id for study in studies], now=now),
        "aside": images_not_attached(consult),
        "experts": [load for load in shown if load.is_of_specialty],
        "other_experts": [load for load in shown if not load.is_of_specialty],
        "chosen": chosen,
        "chosen_name": next((load.card.name for load in experts if str(load.card.id) == chosen), ""),
        "search": words,
        "assignment": last_assignment(consult),
        "may_assign": consult.state == "submitted" or CONSULT.allows(consult.state, "assign"),
        "may_ask": policies.may_ask_information(actor, consult),
        "may_decline": policies.may_decline(actor, consult),
        "meanwhile": conflict if isinstance(conflict, AssignedMeanwhile) else None,
        "went_on": conflict if isinstance(conflict, ConsultWentOn) else None,
        "is_declining": forms["decline"].is_bound,
        "forms": forms,
    }
    return render(request, "consult_bridge/triage.html", context, status=conflict.status if conflict else status)


def _act(
    request: HttpRequest, consult_id: UUID, action: str, forms: dict[str, Any], now: datetime
) -> HttpResponse | None:
    """The response of a done step; None when the form has to be shown again.

    Raises AssignedMeanwhile, ConsultWentOn.
    """
    common: dict[str, Any] = {"actor": actor_of(request), "consult_id": consult_id, "now": now}
    if action == "start":
        start_triage(**common)
        return redirect("consult_bridge:triage", consult_id)
    form = forms.get(action)
    if form is None or not form.is_valid():
        return None
    data = form.cleaned_data
    try:
        if action == "assign":
            choice = {name: data[name] for name in ("urgency", "note", "replaces")}
            assign(**common, expert_id=data["expert"], **choice)
            say(request, _("Assigned. The expert is told now."))
        elif action == "ask":
            request_information(**common, reason=data["reason"])
            say(request, _("Asked. The clock pauses until the answer arrives."))
        else:
            decline(**common, reason=data["reason"], assigned_to=data["assigned_to"])
            say(request, _("Declined. The requesting doctor sees your reason."))
    except Invalid as error:
        show_on(form, error)
        return None
    return redirect("consult_bridge:consult", consult_id)
