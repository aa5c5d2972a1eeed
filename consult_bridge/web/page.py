"""The consult's own page, and the small verbs that are one button each."""

from __future__ import annotations

from operator import itemgetter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consult_bridge import policies
from consult_bridge.models import Consult, ConsultStep, Opinion
from consult_bridge.opinion_templates import template_for
from consult_bridge.selectors import consults as selectors
from consult_bridge.selectors.consent import consent_entries
from consult_bridge.selectors.identities import identity_entries
from consult_bridge.selectors.opinions import checker_changes, opinion_versions
from consult_bridge.selectors.record import (
    PROPOSED,
    answered_questions,
    history_entries,
    labs_of,
    note_to_expert,
    signed_reports,
    steps_of,
    vitals_of,
)
from consult_bridge.selectors.reports import bars_of
from consult_bridge.selectors.second_doctors import leaves_nobody
from consult_bridge.selectors.studies import attachments_of, studies_of
from consult_bridge.selectors.talk import messages_of
from consult_bridge.selectors.unsaved import Unsaved, unsaved_of
from consult_bridge.services.answering import accept, hand_back
from consult_bridge.services.messages import post_message
from consult_bridge.services.triage import request_information
from consult_bridge.states import ENDED
from consult_bridge.web.asking_reason import Words, ask_reason
from consult_bridge.web.conflict import meet
from consult_bridge.web.next_step import shown_bars
from consult_bridge.web.report_pane import report_context
from consult_bridge.web.responding import say, to_consult
from consult_bridge.web.second_doctor import SecondDoctorForm, second_doctor_form
from consult_bridge.web.small_forms import AmendForm, InformationForm, MessageForm, OpinionForm, ReasonForm, ReportForm
from consult_bridge.web.standing import standing_of
from consult_bridge.web.viewing import viewing_context
from consult_bridge.web.waiting import fragment, opinion_context, why_no_images
from core.actor import Actor
from core.ids import uuid7
from core.ui.access import actor_of, requires


@require_safe
@requires("consult.view")
def consult_page(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    if "fragment" in request.GET:
        return fragment(request, selectors.get_consult(actor_of(request), consult_id, now=timezone.now()))
    return show_consult(request, consult_id)


def show_consult(
    request: HttpRequest,
    consult_id: UUID,
    *,
    message_form: MessageForm | None = None,
    opinion_form: OpinionForm | None = None,
    report_form: ReportForm | None = None,
    amend_form: AmendForm | None = None,
    study_id: UUID | None = None,
    tab: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with a form that came back if one did."""
    actor, now = actor_of(request), timezone.now()
    consult = selectors.get_consult(actor, consult_id, now=now)
    history = list(consult.steps.select_related("person", "assigned_to"))
    opinion = (versions := opinion_versions(actor, consult)).current
    may = _rights(actor, consult, opinion)
    studies = studies_of(actor, consult, now)
    checking = _checking_context(actor, consult, opinion, may)
    reports = report_context(request, consult, form=report_form, study_id=study_id)
    arrangement = _arrangement(request, tab, has_images=bool(studies), has_ended=consult.state in ENDED)
    standing = standing_of(actor, consult, versions, may, reports, history)
    context = {
        **arrangement,
        **viewing_context(request, studies, reports["report"], arrangement["tab"], study_id),
        "next_bars": shown_bars(standing, **arrangement),
        "asked": standing.asked,
        **_consult_context(actor, consult, history),
        **reports,
        **_no_images_context(consult, studies),
        "aside": standing.not_attached,
        **opinion_context(versions),
        **_editor_context(actor, consult, opinion, studies, form=opinion_form, may=may),
        **_talk_context(consult, message_form),
        **checking,
        "amend_form": amend_form,
        "may": may,
    }
    return render(request, "consult_bridge/consult.html", context, status=status)


def _checking_context(
    actor: Actor, consult: Consult, opinion: Opinion | None, may: dict[str, bool]
) -> dict[str, SecondDoctorForm | None]:
    """Whether somebody is left to check: what a take-over would do, and the coordinator's form where nobody is."""
    now = timezone.now()
    form = second_doctor_form(actor, consult, now)
    may["leave_nobody"] = may["take_over"] and opinion is not None and leaves_nobody(opinion, actor, now=now)
    may["name_checker"] = form is not None
    return {"second_doctor_form": form}


def _no_images_context(consult: Consult, studies: list[Any]) -> dict[str, Any]:
    if studies:
        return {"has_studies": True}
    has_studies = consult.studies.filter(is_attached=True).exists()
    return {"has_studies": has_studies, "no_images": why_no_images(consult, has_studies=has_studies)}


def _talk_context(consult: Consult, form: MessageForm | None) -> dict[str, Any]:
    return {
        "messages_of": messages_of(consult),
        "message_form": form or MessageForm(initial={"message_key": uuid7()}),
    }


def _editor_context(
    actor: Actor,
    consult: Consult,
    opinion: Opinion | None,
    studies: list[Any],
    *,
    form: OpinionForm | None,
    may: dict[str, bool],
) -> dict[str, Any]:
    """The editor for whoever may write or check: a form that came back, or the text with what was typed over it. Whose
    text another doctor took over sees what they had typed."""
    is_editing = may["write"] or may["check"]
    revision = opinion.revision if opinion else 0
    is_begun = opinion is not None and opinion.is_amendment
    is_typing = is_editing or policies.may_type(actor, consult, is_begun=is_begun)
    typed = unsaved_of(actor, consult, None, revision=revision) if is_typing and form is None else None
    modalities = [modality for shown in studies for modality in shown.modalities]
    return {
        "opinion_form": form or opinion_form_for(opinion, modalities, typed),
        "opinion_unsaved": typed,
        "opinion_both": meet(form, opinion),
        "checker_changes": checker_changes(opinion) if opinion else [],
        "is_editing": is_editing,
    }


def _consult_context(actor: Actor, consult: Consult, history: list[ConsultStep]) -> dict[str, Any]:
    return {
        "consult": consult,
        "back_url": reverse("consult_bridge:worklist" if actor.may("consult.answer") else "consult_bridge:consults"),
        "bars": bars_of(actor, consult),
        "entries": _entries(actor, consult, history),
        "answers": answered_questions(history),
        "note_to_expert": note_to_expert(consult, history),
        "steps": steps_of(consult, history),
        "record": consult.record,
        "vitals": vitals_of(consult),
        "labs": labs_of(consult),
        "attachments": attachments_of(consult),
        "feedback": getattr(consult, "feedback", None),
        "signed_reports": signed_reports(consult),
    }


def _entries(actor: Actor, consult: Consult, history: list[ConsultStep]) -> list[dict[str, object]]:
    """The history as this person may know it, in the order of time."""
    knows = policies.knows_of_teaching(actor, consult)
    steps = history if knows else [step for step in history if step.verb != PROPOSED]
    teaching = consent_entries(consult) if knows else []
    return sorted([*history_entries(steps, consult.state), *identity_entries(consult), *teaching], key=itemgetter("at"))


def _arrangement(request: HttpRequest, tab: str, *, has_images: bool, has_ended: bool) -> dict[str, str]:
    """Which pane a phone shows and which tab of the right pane is open; both are plain links.

    Where no image is shown of what has ended, the opinion is what one comes for. `tab` is given when a form of the
    right pane comes back: a phone then shows that pane, with what has to be mended.
    """
    pane = request.GET.get("pane", "op" if tab else "")
    tab = tab or request.GET.get("tab", "")
    return {
        "pane": pane if pane in {"rec", "img", "op"} else ("img" if has_images else "op" if has_ended else "rec"),
        "tab": tab if tab in {"opinion", "report", "talk", "history"} else "opinion",
    }


def opinion_form_for(opinion: Opinion | None, modalities: list[str], typed: Unsaved | None) -> OpinionForm:
    """The editor: what was typed last over the saved text, or over the headings of a template for the modality."""
    if opinion is not None:
        saved = {name: getattr(opinion, name) for name in ("revision", "template", *Opinion.TEXTS)}
    else:
        template = template_for(modalities)
        texts = {name: getattr(template, name) for name in Opinion.REQUIRED}
        saved = {"revision": 0, "template": template.key, **texts}
    return OpinionForm(initial=saved | (typed.texts if typed and not typed.is_stale else {}))


def _rights(actor: Actor, consult: Consult, opinion: Any) -> dict[str, bool]:
    """Which buttons this person sees; each service checks again."""
    return {
        "triage": consult.state in {"submitted", "in_triage", "assigned"} and policies.may_triage(actor, consult),
        "accept": policies.may_accept(actor, consult),
        "hand_back": policies.may_hand_back(actor, consult),
        "write": policies.may_write_opinion(actor, consult, opinion),
        "take_over": opinion is not None and policies.may_take_over(actor, opinion),
        "check": opinion is not None and policies.may_check(actor, opinion),
        "amend": opinion is not None and policies.may_amend(actor, opinion),
        "give_up": opinion is not None and policies.may_give_up(actor, opinion),
        "take_back": opinion is not None and policies.may_take_back(actor, opinion),
        "sign_alone": opinion is not None and policies.may_sign_alone(actor, opinion),
        "see_drafts": policies.sees_drafts(actor, consult),
        "ask_information": policies.may_ask_information(actor, consult),
        "supply": policies.may_supply(actor, consult),
        "close": policies.may_close(actor, consult),
        "cancel": policies.may_cancel(actor, consult),
        "consent": policies.may_keep_consent(actor, consult) and consult.state in {"signed", "closed"},
        "upload": policies.may_bring_images(actor, consult),
        "message": policies.takes_part(actor, consult, "consult.message"),
    }


@require_POST
@requires("consult.answer")
def accept_consult(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    accept(actor=actor_of(request), consult_id=consult_id, now=timezone.now())
    say(request, _("Accepted. The requesting doctor sees it now."))
    return to_consult(consult_id)


@require_POST
@requires("consult.message")
def send_message(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    form = MessageForm(request.POST)
    if not form.is_valid():
        return show_consult(request, consult_id, message_form=form, tab="talk", status=422)
    post_message(
        actor=actor_of(request),
        consult_id=consult_id,
        message_id=form.cleaned_data["message_key"],
        text=form.cleaned_data["text"],
        now=timezone.now(),
    )
    return redirect(f"{reverse('consult_bridge:consult', args=[consult_id])}?tab=talk&pane=op")


@requires("consult.answer")
def hand_back_consult(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    """Page and form: give the consult back to triage."""
    words = Words(_("Hand this consult back to triage?"), _("Hand back"), _("Handed back to triage."))
    return ask_reason(request, consult_id, ReasonForm(request.POST or None), hand_back, words)


@requires("consult.view")
def ask_information(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    """Page and form: ask the requesting hospital for what is missing."""
    done = _("Asked. The clock pauses until the answer arrives.")
    words = Words(_("Ask the requesting hospital for more?"), _("Send"), done)
    return ask_reason(request, consult_id, InformationForm(request.POST or None), request_information, words)
