"""The coordinator's page: judge the request, assign it, ask back, decline."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult_bridge import policies
from consult_bridge.selectors import consults as selectors
from consult_bridge.selectors.experts import experts_with_load
from consult_bridge.selectors.record import labs_of, vitals_of
from consult_bridge.selectors.studies import attachments_of
from consult_bridge.services.triage import assign, decline, request_information, start_triage
from consult_bridge.web.responding import say, show_on
from consult_bridge.web.small_forms import AssignForm, InformationForm, ReasonForm
from core.errors import Forbidden, Invalid
from core.ui.access import actor_of, requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires("consult.triage")
def triage_consult(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    now = timezone.now()
    consult = selectors.get_consult(actor_of(request), consult_id, now=now)
    if not policies.may_triage(actor_of(request), consult):
        raise Forbidden
    action = request.POST.get("action", "")
    experts = experts_with_load(consult, now=now)
    forms: dict[str, Any] = {
        "assign": AssignForm(
            request.POST if action == "assign" else None, experts=experts, initial={"urgency": consult.urgency}
        ),
        "ask": InformationForm(request.POST if action == "ask" else None, prefix="ask"),
        "decline": ReasonForm(request.POST if action == "decline" else None, prefix="decline"),
    }
    if request.method == "POST":
        response = _act(request, consult_id, action, forms, now)
        if response is not None:
            return response
    context = {
        "consult": consult,
        "record": consult.record,
        "vitals": vitals_of(consult),
        "labs": labs_of(consult),
        "attachments": attachments_of(consult),
        "experts": experts,
        "forms": forms,
    }
    return render(request, "consult_bridge/triage.html", context, status=422 if request.method == "POST" else 200)


def _act(request: HttpRequest, consult_id: UUID, action: str, forms: dict[str, Any], now: Any) -> HttpResponse | None:
    """The response of a done step; None when the form has to be shown again."""
    common = {"actor": actor_of(request), "consult_id": consult_id, "now": now}
    if action == "start":
        start_triage(**common)
        return redirect("consult_bridge:triage", consult_id)
    form = forms.get(action)
    if form is None or not form.is_valid():
        return None
    data = form.cleaned_data
    try:
        if action == "assign":
            assign(**common, expert_id=data["expert"], urgency=data["urgency"], note=data["note"])
            say(request, _("Assigned. The expert is told now."))
        elif action == "ask":
            request_information(**common, reason=data["reason"])
            say(request, _("Asked. The clock pauses until the answer arrives."))
        else:
            decline(**common, reason=data["reason"])
            say(request, _("Declined. The requesting doctor sees your reason."))
    except Invalid as error:
        show_on(form, error)
        return None
    return redirect("consult_bridge:consult", consult_id)
