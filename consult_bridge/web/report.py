"""The buttons of the imaging report, and the acknowledgement of a critical value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consult_bridge.errors import ConsultNotFound, ReportStale
from consult_bridge.selectors import consults as selectors
from consult_bridge.selectors.reports import get_critical
from consult_bridge.services.critical import acknowledge
from consult_bridge.services.giving_up import give_up_report
from consult_bridge.services.reports import (
    amend_report,
    forget_typed_report,
    keep_typed_report,
    order_report_document,
    return_report,
    save_report,
    sign_report,
    submit_report,
    take_over_report,
)
from consult_bridge.services.taking_back import take_back_report
from consult_bridge.web.ending import carried_feedback, close_page
from consult_bridge.web.page import show_consult
from consult_bridge.web.report_pane import with_template
from consult_bridge.web.responding import (
    GIVEN_UP,
    TAKEN_BACK,
    after_signing,
    posted_revision,
    posted_uuid,
    say,
    say_why,
    show_on,
    signed_before,
    to_consult,
)
from consult_bridge.web.small_forms import AmendForm, CloseForm, ReadBackForm, ReportForm
from core.errors import Conflict, Invalid
from core.ui.access import actor_of, requires


@require_POST
@requires("consult.answer")
def edit_report(request: HttpRequest, consult_id: UUID, study_id: UUID) -> HttpResponse:
    """Save, submit, return, sign, amend, take back, take over or give up, by the button that was pressed."""
    action = request.POST.get("action", "save")
    if action == "amend":
        return _amend(request, consult_id, study_id)
    if action in WITHOUT_TEXT:
        WITHOUT_TEXT[action](request, consult_id, study_id)
        return _to_report(consult_id, study_id)
    form = ReportForm(request.POST)
    shown: dict[str, Any] = {"report_form": form, "study_id": study_id, "tab": "report"}
    if action == "use_template":
        return show_consult(request, consult_id, **shown | {"report_form": with_template(request)})
    if not form.is_valid():
        return show_consult(request, consult_id, **shown, status=422)
    try:
        say(request, _act(request, consult_id, study_id, form))
    except ConsultNotFound:
        if not signed_before(request, consult_id, study_id):
            raise
    except (Invalid, Conflict) as error:
        say_why(form, error)
        return show_consult(request, consult_id, **shown, status=error.status)
    return after_signing(request, consult_id, _to_report(consult_id, study_id))


def _act(request: HttpRequest, consult_id: UUID, study_id: UUID, form: ReportForm) -> str:
    """Do what the pressed button says and return the sentence for the person."""
    common: dict[str, Any] = {
        "actor": actor_of(request),
        "consult_id": consult_id,
        "study_id": study_id,
        "now": timezone.now(),
    }
    text, revision = form.text(), form.cleaned_data["revision"]
    action = request.POST.get("action", "save")
    if action == "submit":
        submit_report(**common, text=text, revision=revision)
        return _("Submitted for review by a second doctor.")
    if action == "return":
        return_report(**common, reason=request.POST.get("reason", ""), revision=revision)
        return _("Returned to the writer.")
    if action == "sign":
        sign_report(**common, text=text, revision=revision)
        return _("Signed. The requesting hospital receives the report now.")
    save_report(**common, text=text, revision=revision)
    return _("Saved.")


def _amend(request: HttpRequest, consult_id: UUID, study_id: UUID) -> HttpResponse:
    form = AmendForm(request.POST)
    shown: dict[str, Any] = {"amend_form": form, "study_id": study_id, "tab": "report"}
    if not form.is_valid():
        return show_consult(request, consult_id, **shown, status=422)
    reason = form.cleaned_data["reason"]
    try:
        amend_report(
            actor=actor_of(request), consult_id=consult_id, study_id=study_id, reason=reason, now=timezone.now()
        )
    except (Invalid, Conflict) as error:
        say_why(form, error)
        return show_consult(request, consult_id, **shown, status=error.status)
    say(request, _("The signed version stays in force until a second doctor signs this one."))
    return _to_report(consult_id, study_id)


def _take_back(request: HttpRequest, consult_id: UUID, study_id: UUID) -> None:
    take_back_report(
        actor=actor_of(request),
        consult_id=consult_id,
        study_id=study_id,
        revision=posted_revision(request),
        now=timezone.now(),
    )
    say(request, TAKEN_BACK)


def _give_up(request: HttpRequest, consult_id: UUID, study_id: UUID) -> None:
    give_up_report(
        actor=actor_of(request),
        consult_id=consult_id,
        study_id=study_id,
        revision=posted_revision(request),
        now=timezone.now(),
    )
    say(request, GIVEN_UP)


def _take_over(request: HttpRequest, consult_id: UUID, study_id: UUID) -> None:
    take_over_report(
        actor=actor_of(request),
        consult_id=consult_id,
        study_id=study_id,
        writer_id=posted_uuid(request, "writer"),
        revision=posted_revision(request),
        now=timezone.now(),
    )
    say(request, _("You are the writer now."))


def _discard(request: HttpRequest, consult_id: UUID, study_id: UUID) -> None:
    forget_typed_report(actor=actor_of(request), consult_id=consult_id, study_id=study_id)


WITHOUT_TEXT: dict[str, Callable[[HttpRequest, UUID, UUID], None]] = {
    "give_up": _give_up,
    "take_over": _take_over,
    "take_back": _take_back,
    "discard": _discard,
}
"""The buttons that send no text of the editor."""


def _to_report(consult_id: UUID, study_id: UUID) -> HttpResponse:
    return redirect(f"{reverse('consult_bridge:consult', args=[consult_id])}?tab=report&pane=op&study={study_id}")


@require_POST
@requires("consult.answer")
def autosave(request: HttpRequest, consult_id: UUID, study_id: UUID) -> HttpResponse:
    """What the page's script sends by itself while somebody writes. Kept even when the form is stale, and told so."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        return JsonResponse({}, status=422)
    is_current = keep_typed_report(
        actor=actor_of(request),
        consult_id=consult_id,
        study_id=study_id,
        text=form.text(),
        revision=form.cleaned_data["revision"],
        now=timezone.now(),
    )
    if not is_current:
        raise ReportStale
    return JsonResponse({})


@require_POST
@requires("consult.view")
def make_document(request: HttpRequest, consult_id: UUID, report_id: UUID) -> HttpResponse:
    order_report_document(actor=actor_of(request), consult_id=consult_id, report_id=report_id, now=timezone.now())
    say(request, _("The PDF is being made; it appears here in a moment."))
    return redirect(f"{reverse('consult_bridge:consult', args=[consult_id])}?tab=report&pane=op")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("consult.request")
def critical_value(request: HttpRequest, consult_id: UUID, critical_id: UUID) -> HttpResponse:
    """Read the critical value, write back what was understood. Who was closing the consult goes on with that."""
    actor, carried = actor_of(request), carried_feedback(request)
    is_opened = request.method != "POST" or (bool(carried) and "read_back" not in request.POST)
    form = ReadBackForm(None if is_opened else request.POST)
    if form.is_valid():
        try:
            acknowledge(
                actor=actor,
                consult_id=consult_id,
                critical_id=critical_id,
                read_back=form.cleaned_data["read_back"],
                now=timezone.now(),
            )
        except Invalid as error:
            show_on(form, error)
        else:
            say(request, _("Acknowledged. The reporting doctors see what you wrote."))
            return _after_acknowledging(request, consult_id, carried)
    context = {
        "consult": selectors.get_consult(actor, consult_id, now=timezone.now()),
        "carried": carried,
        "critical": get_critical(actor, consult_id, critical_id),
        "form": form,
    }
    return render(request, "consult_bridge/critical.html", context, status=422 if form.is_bound else 200)


def _after_acknowledging(request: HttpRequest, consult_id: UUID, carried: dict[str, str]) -> HttpResponse:
    """The consult, or the form in which somebody was closing it, with what was typed."""
    actor = actor_of(request)
    if not carried or not actor.may("consult.close"):
        return to_consult(consult_id)
    consult = selectors.get_consult(actor, consult_id, now=timezone.now())
    return close_page(request, consult, CloseForm(initial=carried))
