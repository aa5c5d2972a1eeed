"""The requesting side's pages: supply what was asked for, close, cancel, consent to teaching and its withdrawal."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult_bridge.errors import (
    AnsweredAlready,
    ConsentMissing,
    ConsultWentOn,
    CriticalValueWaits,
    ImagesUndecided,
    TextsUnderWay,
)
from consult_bridge.models import Consult
from consult_bridge.selectors import consults as selectors
from consult_bridge.selectors.consent import consents_of, consult_to_consent, valid_consent
from consult_bridge.selectors.identities import undecided_images
from consult_bridge.selectors.opinions import opinion_versions
from consult_bridge.selectors.reports import bars_of
from consult_bridge.selectors.under_way import texts_under_way
from consult_bridge.services.closing import close_consult
from consult_bridge.services.consent import (
    ConsentAlreadyGiven,
    ConsentWithdrawnAlready,
    record_consent,
    withdraw_consent,
)
from consult_bridge.services.submitting import cancel_consult, supply_information
from consult_bridge.states import OPEN
from consult_bridge.web.asking_reason import Words, ask_reason
from consult_bridge.web.responding import posted_uuid, say, show_on, to_consult
from consult_bridge.web.small_forms import CloseForm, ConsentForm, ReasonForm, SupplyForm, WithdrawalForm
from core.errors import Conflict, Invalid
from core.ui.access import actor_of, requires
from core.ui.problems import wants_problem

PAGE_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE_METHODS)
@requires("consult.request")
def supply(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    consult = selectors.get_consult(actor_of(request), consult_id, now=timezone.now())
    form = SupplyForm(request.POST or None, request.FILES or None)
    status, conflict = 422 if form.is_bound else 200, None
    if request.method == "POST" and form.is_valid():
        try:
            supply_information(
                actor=actor_of(request),
                consult_id=consult_id,
                text=form.cleaned_data["text"],
                files=form.cleaned_data["attachments"],
                now=timezone.now(),
            )
        except Invalid as error:
            show_on(form, error)
        except AnsweredAlready as error:
            if wants_problem(request):
                raise
            status, conflict = error.status, error
        else:
            say(request, _("Sent. The clock goes on."))
            return to_consult(consult_id)
    request_step = consult.steps.filter(verb="request_information").last()
    context = {"consult": consult, "form": form, "asked": request_step, "conflict": conflict}
    return render(request, "consult_bridge/supply.html", context, status=status)


@require_http_methods(PAGE_METHODS)
@requires("consult.close")
def close(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    consult = selectors.get_consult(actor_of(request), consult_id, now=timezone.now())
    if request.POST.get("action") == "back":
        return close_page(request, consult, CloseForm(initial=carried_feedback(request)))
    form = CloseForm(request.POST or None)
    status, conflict = 422 if form.is_bound else 200, None
    if request.method == "POST" and form.is_valid():
        try:
            close_consult(
                actor=actor_of(request),
                consult_id=consult_id,
                under_way=_known(request, "under_way"),
                undecided=_known(request, "undecided"),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except (CriticalValueWaits, TextsUnderWay, ImagesUndecided, ConsultWentOn) as error:
            if wants_problem(request):
                raise
            status, conflict = error.status, error
        else:
            say(request, _("Closed. The expert sees your feedback."))
            return to_consult(consult_id)
    return close_page(request, consult, form, conflict=conflict, status=status)


def _known(request: HttpRequest, name: str) -> set[UUID]:
    """The texts under way, or the undecided studies, that the page has named."""
    known = set()
    for value in request.POST.getlist(name):
        with suppress(ValueError):
            known.add(UUID(value))
    return known


def carried_feedback(request: HttpRequest) -> dict[str, str]:
    """The feedback that was typed before a critical value was acknowledged: the page of the value carries it along."""
    if request.POST.get("then") != "close":
        return {}
    return {name: request.POST.get(name, "") for name in (*CloseForm.base_fields, "then")}


def close_page(
    request: HttpRequest,
    consult: Consult,
    form: CloseForm,
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form with what was advised, the critical values that have to be acknowledged first, and what is not signed
    yet."""
    actor = actor_of(request)
    context = {
        "consult": consult,
        "form": form,
        "conflict": conflict,
        "opinion": opinion_versions(actor, consult).in_force,
        "bars": bars_of(actor, consult),
        "under_way": texts_under_way(consult),
        "undecided": undecided_images(consult) if consult.state in OPEN else [],
    }
    return render(request, "consult_bridge/close.html", context, status=status)


@require_http_methods(PAGE_METHODS)
@requires("consult.request")
def cancel(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    words = Words(_("Cancel this consult?"), _("Cancel the consult"), _("Cancelled."), is_destructive=True)
    return ask_reason(request, consult_id, ReasonForm(request.POST or None), cancel_consult, words)


@require_http_methods(PAGE_METHODS)
@requires("consult.request")
def consent(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    """Read what is signed, upload the form; below it what was given before."""
    consult = consult_to_consent(actor_of(request), consult_id, now=timezone.now())
    form = ConsentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_consent(actor=actor_of(request), consult_id=consult_id, now=timezone.now(), **form.cleaned_data)
        except Invalid as error:
            show_on(form, error)
        except ConsentAlreadyGiven as error:
            return _consent_not_done(request, consult, error, WithdrawalForm(prefix="withdraw"))
        else:
            say(request, _("The consent is recorded."))
            return redirect("consult_bridge:consent", consult_id)
    return _consent_page(request, consult, form, WithdrawalForm(prefix="withdraw"))


@require_http_methods(["POST"])
@requires("consult.request")
def withdraw(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    consult = consult_to_consent(actor_of(request), consult_id, now=timezone.now())
    form = WithdrawalForm(request.POST, prefix="withdraw")
    if not form.is_valid():
        return _consent_page(request, consult, ConsentForm(), form)
    reason = form.cleaned_data["reason"]
    try:
        withdraw_consent(
            actor=actor_of(request),
            consult_id=consult_id,
            reason=reason,
            consent_id=posted_uuid(request, "withdraw-consent") if "withdraw-consent" in request.POST else None,
            now=timezone.now(),
        )
    except (ConsentMissing, ConsentWithdrawnAlready) as error:
        return _consent_not_done(request, consult, error, form)
    say(request, _("Withdrawn. Nothing of this case is shown for teaching any more."))
    return redirect("consult_bridge:consent", consult_id)


def _consent_not_done(
    request: HttpRequest, consult: Consult, error: Conflict, withdrawal: WithdrawalForm
) -> HttpResponse:
    """The page as it is now, with what came before this click, and what was typed."""
    if wants_problem(request):
        raise error
    return _consent_page(request, consult, ConsentForm(), withdrawal, conflict=error)


def _consent_page(
    request: HttpRequest,
    consult: Consult,
    form: ConsentForm,
    withdrawal: WithdrawalForm,
    *,
    conflict: Conflict | None = None,
) -> HttpResponse:
    context = {
        "consult": consult,
        "form": form,
        "withdrawal": withdrawal,
        "conflict": conflict,
        "valid": valid_consent(consult),
        "earlier": consents_of(consult).filter(withdrawn_at__isnull=False),
    }
    status = conflict.status if conflict else 422 if form.is_bound or withdrawal.is_bound else 200
    return render(request, "consult_bridge/consent.html", context, status=status)
