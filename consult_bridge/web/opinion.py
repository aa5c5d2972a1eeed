"""The opinion editor's buttons: use a template, save, submit, return, sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consult_bridge.errors import ConsultNotFound, OpinionStale
from consult_bridge.models import Opinion
from consult_bridge.opinion_templates import TEMPLATES
from consult_bridge.services.giving_up import give_up_correction
from consult_bridge.services.opinions import (
    OpinionText,
    amend_opinion,
    forget_typed_opinion,
    keep_typed_opinion,
    order_document,
    return_opinion,
    save_opinion,
    sign_opinion,
    submit_opinion,
    take_over_opinion,
)
from consult_bridge.services.taking_back import take_back_opinion
from consult_bridge.web.page import show_consult
from consult_bridge.web.responding import (
    GIVEN_UP,
    TAKEN_BACK,
    after_signing,
    posted_revision,
    posted_uuid,
    say,
    say_why,
    signed_before,
    to_opinion,
)
from consult_bridge.web.small_forms import AmendForm, OpinionForm
from core.errors import Conflict, Invalid
from core.ui.access import actor_of, requires


@require_POST
@requires("consult.answer")
def edit_opinion(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    action = request.POST.get("action", "save")
    if action == "use_template":
        return show_consult(request, consult_id, opinion_form=_with_template(request), tab="opinion")
    if action == "amend":
        return _amend(request, consult_id)
    if action in WITHOUT_TEXT:
        WITHOUT_TEXT[action](request, consult_id)
        return to_opinion(consult_id, study=request.GET.get("study", ""))
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return show_consult(request, consult_id, opinion_form=form, tab="opinion", status=422)
    try:
        say(request, _act(request, consult_id, form))
    except ConsultNotFound:
        if not signed_before(request, consult_id):
            raise
    except (Invalid, Conflict) as error:
        say_why(form, error)
        return show_consult(request, consult_id, opinion_form=form, tab="opinion", status=error.status)
    return after_signing(request, consult_id, to_opinion(consult_id, study=request.GET.get("study", "")))


def _amend(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    form = AmendForm(request.POST)
    if not form.is_valid():
        return show_consult(request, consult_id, amend_form=form, tab="opinion", status=422)
    reason = form.cleaned_data["reason"]
    try:
        amend_opinion(actor=actor_of(request), consult_id=consult_id, reason=reason, now=timezone.now())
    except (Invalid, Conflict) as error:
        say_why(form, error)
        return show_consult(request, consult_id, amend_form=form, tab="opinion", status=error.status)
    say(request, _("The signed version stays in force until this one is signed."))
    return to_opinion(consult_id, study=request.GET.get("study", ""))


def _take_over(request: HttpRequest, consult_id: UUID) -> None:
    writer = posted_uuid(request, "writer")
    take_over_opinion(
        actor=actor_of(request),
        consult_id=consult_id,
        writer_id=writer,
        revision=posted_revision(request),
        now=timezone.now(),
    )
    say(request, _("You are the writer now."))


def _take_back(request: HttpRequest, consult_id: UUID) -> None:
    seen = posted_revision(request)
    take_back_opinion(actor=actor_of(request), consult_id=consult_id, revision=seen, now=timezone.now())
    say(request, TAKEN_BACK)


def _give_up(request: HttpRequest, consult_id: UUID) -> None:
    seen = posted_revision(request)
    give_up_correction(actor=actor_of(request), consult_id=consult_id, revision=seen, now=timezone.now())
    say(request, GIVEN_UP)


def _discard(request: HttpRequest, consult_id: UUID) -> None:
    forget_typed_opinion(actor=actor_of(request), consult_id=consult_id)


WITHOUT_TEXT: dict[str, Callable[[HttpRequest, UUID], None]] = {
    "give_up": _give_up,
    "take_over": _take_over,
    "take_back": _take_back,
    "discard": _discard,
}
"""The buttons that send no text of the editor."""


def _act(request: HttpRequest, consult_id: UUID, form: OpinionForm) -> str:
    """Do what the pressed button says and return the sentence for the person."""
    text, revision = _typed(form), form.cleaned_data["revision"]
    common: dict[str, Any] = {"actor": actor_of(request), "consult_id": consult_id, "now": timezone.now()}
    action = request.POST.get("action", "save")
    if action == "submit":
        submit_opinion(**common, text=text, revision=revision)
        return _("Submitted for review by a second doctor.")
    if action == "return":
        return_opinion(**common, reason=request.POST.get("reason", ""), revision=revision)
        return _("Returned to the writer.")
    if action == "sign":
        sign_opinion(**common, text=text, revision=revision)
        return _("Signed. The requesting hospital receives the opinion now.")
    save_opinion(**common, text=text, revision=revision)
    return _("Saved.")


def _typed(form: OpinionForm) -> OpinionText:
    data = form.cleaned_data
    return OpinionText(**{name: data[name] for name in (*Opinion.TEXTS, "template")})


@require_POST
@requires("consult.answer")
def autosave(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    """What the page's script sends by itself while somebody writes. Kept even when the form is stale, and told so."""
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return JsonResponse({}, status=422)
    is_current = keep_typed_opinion(
        actor=actor_of(request),
        consult_id=consult_id,
        text=_typed(form),
        revision=form.cleaned_data["revision"],
        now=timezone.now(),
    )
    if not is_current:
        raise OpinionStale
    return JsonResponse({})


def _with_template(request: HttpRequest) -> OpinionForm:
    """What was typed stays; the template's headings fill what is empty."""
    template = TEMPLATES.get(request.POST.get("template", ""), TEMPLATES["general"])
    initial = {name: request.POST.get(name, "") for name in OpinionForm.base_fields}
    for name in ("findings", "impression", "recommendation"):
        initial[name] = initial[name] or getattr(template, name)
    return OpinionForm(initial=initial)


@require_POST
@requires("consult.view")
def make_document(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    order_document(actor=actor_of(request), consult_id=consult_id, now=timezone.now())
    say(request, _("The PDF is being made; it appears here in a moment."))
    return to_opinion(consult_id)
