"""The page of a consult's images: what is part of it, whose the others are, what was not stored, and sending more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from consult_bridge.errors import StudyPutAwayMeanwhile
from consult_bridge.selectors import consults as selectors
from consult_bridge.selectors.identities import Compared, ImagesInHand, images_in_hand
from consult_bridge.services.kept_images import send_kept_images_again
from consult_bridge.services.refusals import note_refusals, read_again
from consult_bridge.services.studies import (
    attach_by_hand,
    confirm_same_patient,
    not_this_patient,
    send_images,
    take_back_other_patient,
)
from consult_bridge.states import OPEN
from consult_bridge.web.responding import posted_uuid, say, show_on, to_consult
from consult_bridge.web.small_forms import AttachForm, ImagesForm
from core.actor import Actor
from core.audit import note_list
from core.errors import Invalid
from core.ui.access import actor_of, requires
from core.ui.problems import wants_problem

ON_THEIR_WAY = gettext_lazy("The images are on their way. They appear here as soon as they are read.")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("imaging.upload")
def images(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    """Send more images, say whose those are that arrived, and read what became of the files."""
    if request.method != "POST":
        return _show(request, consult_id)
    verbs: dict[str, Callable[[HttpRequest, UUID, datetime], HttpResponse]] = {
        "send_again": _send_again,
        "attach": _attach,
        "other_patient": _other_patient,
        "other_patient_undo": _other_patient_undo,
        "refusals_read": _refusals_read,
        "read_again": _read_again,
    }
    return verbs.get(request.POST.get("action", "upload"), _upload)(request, consult_id, timezone.now())


def _send_again(request: HttpRequest, consult_id: UUID, now: datetime) -> HttpResponse:
    send_kept_images_again(actor=actor_of(request), consult_id=consult_id, now=now)
    say(request, ON_THEIR_WAY)
    return to_consult(consult_id)


def _read_again(request: HttpRequest, consult_id: UUID, now: datetime) -> HttpResponse:
    read_again(actor=actor_of(request), consult_id=consult_id, now=now)
    say(request, ON_THEIR_WAY)
    return to_consult(consult_id)


def _refusals_read(request: HttpRequest, consult_id: UUID, now: datetime) -> HttpResponse:
    note_refusals(actor=actor_of(request), consult_id=consult_id, now=now)
    return redirect("consult_bridge:images", consult_id)


def _other_patient(request: HttpRequest, consult_id: UUID, now: datetime) -> HttpResponse:
    """The page then says so with a button that undoes it."""
    study_id = posted_uuid(request, "study")
    not_this_patient(actor=actor_of(request), consult_id=consult_id, study_id=study_id, now=now)
    return redirect(f"{reverse('consult_bridge:images', args=[consult_id])}?{urlencode({'put_away': study_id})}")


def _other_patient_undo(request: HttpRequest, consult_id: UUID, now: datetime) -> HttpResponse:
    study_id = posted_uuid(request, "study")
    take_back_other_patient(actor=actor_of(request), consult_id=consult_id, study_id=study_id, now=now)
    say(request, _("Taken back. Look whose images these are."))
    return redirect("consult_bridge:images", consult_id)


def _upload(request: HttpRequest, consult_id: UUID, now: datetime) -> HttpResponse:
    form = ImagesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, consult_id, upload_form=form)
    data = form.cleaned_data
    try:
        send_images(
            actor=actor_of(request), consult_id=consult_id, upload_id=data["form_key"], files=data["dicom"], now=now
        )
    except Invalid as error:
        show_on(form, error)
        return _show(request, consult_id, upload_form=form)
    say(request, ON_THEIR_WAY)
    return to_consult(consult_id)


def _attach(request: HttpRequest, consult_id: UUID, now: datetime) -> HttpResponse:
    form = AttachForm(request.POST)
    if not form.is_valid():
        return _show(request, consult_id, attach_form=form)
    try:
        row = attach_by_hand(
            actor=actor_of(request),
            consult_id=consult_id,
            study_id=form.cleaned_data["study"],
            mismatch_reason=form.cleaned_data["mismatch_reason"],
            read=form.cleaned_data["read"],
            now=now,
        )
    except StudyPutAwayMeanwhile as error:
        if wants_problem(request):
            raise
        return _show(request, consult_id, attach_form=form, conflict=error)
    except Invalid as error:
        show_on(form, error)
        return _show(request, consult_id, attach_form=form)
    if row.is_attached:
        say(request, _("Attached."))
    else:
        say(request, _("A second person has to confirm that it is the same patient."))
    return redirect("consult_bridge:images", consult_id)


def _show(
    request: HttpRequest,
    consult_id: UUID,
    *,
    upload_form: ImagesForm | None = None,
    attach_form: AttachForm | None = None,
    conflict: StudyPutAwayMeanwhile | None = None,
) -> HttpResponse:
    """The page, with a form that came back if one did."""
    actor, now = actor_of(request), timezone.now()
    consult = selectors.get_consult(actor, consult_id, now=now)
    hand = images_in_hand(actor, consult, now)
    _note_reading(actor, hand, now)
    has_come_back = upload_form is not None or attach_form is not None
    context = {
        "consult": consult,
        "hand": hand,
        "upload_form": upload_form or ImagesForm(),
        "attach_form": attach_form,
        "conflict": conflict,
        "typed": {"study": request.POST.get("study"), "reason": request.POST.get("mismatch_reason", "")},
        "just_put_away": _just_put_away(actor, hand, request.GET.get("put_away")),
        "is_open": consult.state in OPEN,
        "has_unread": consult.uploads.filter(refused_at__isnull=False, read_at__isnull=True).exists(),
    }
    status = conflict.status if conflict else 422 if has_come_back else 200
    return render(request, "consult_bridge/images.html", context, status=status)


def _just_put_away(actor: Actor, hand: ImagesInHand, study_id: str | None) -> Compared | None:
    """What the actor has just said to show another patient, with what undoes it; nobody else undoes it."""
    own = (s for s in hand.put_away if s.put_away is not None and actor.person_id in s.put_away.people)
    return next((study for study in own if str(study.facts.id) == study_id), None)


def _note_reading(actor: Actor, hand: ImagesInHand, now: datetime) -> None:
    """What waits for its consult, by patients' names and numbers, is read like a list of patients."""
    shown = sum(map(len, (hand.arrived, hand.aside, hand.waiting, hand.elsewhere, hand.put_away)))
    note_list(actor=actor, name="consult_bridge.arrived", permission="imaging.upload", shown=shown, now=now)


@require_POST
@requires("imaging.upload")
def confirm_study(request: HttpRequest, consult_id: UUID, attachment_id: UUID) -> HttpResponse:
    confirm_same_patient(actor=actor_of(request), attachment_id=attachment_id, now=timezone.now())
    say(request, _("Confirmed. The images are part of the consult now."))
    return redirect("consult_bridge:consult", consult_id)
