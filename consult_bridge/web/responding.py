"""What the views of this room share at the edge: ids from forms, errors back onto forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consult_bridge.selectors.consults import is_visible
from consult_bridge.selectors.opinions import has_signed
from core.errors import Conflict, Invalid, NotFound, StaleForm
from core.numbers import whole_number
from core.ui.access import actor_of

TAKEN_BACK = _("Taken back. You can change it and submit it again.")
GIVEN_UP = _("Given up.")


def to_consult(consult_id: UUID) -> HttpResponse:
    return redirect("consult_bridge:consult", consult_id)


def to_opinion(consult_id: UUID, *, study: str = "") -> HttpResponse:
    """Back to the text that was worked on, beside the `study` that was open; a phone shows one pane at a time."""
    query = {"tab": "opinion", "pane": "op"} | ({"study": study} if study else {})
    return redirect(f"{reverse('consult_bridge:consult', args=[consult_id])}?{urlencode(query)}")


def after_signing(request: HttpRequest, consult_id: UUID, then: HttpResponse) -> HttpResponse:
    """`then`, or the list of what is to check: a second doctor of another hospital sees what they signed no more."""
    if request.POST.get("action") != "sign" or is_visible(actor_of(request), consult_id):
        return then
    return redirect(f"{reverse('consult_bridge:worklist')}?tab=check")


def signed_before(request: HttpRequest, consult_id: UUID, study_id: UUID | None = None) -> bool:
    """Whether this is the second click on a signature with which that person's sight ended: of the opinion, or of the
    report on a study."""
    return request.POST.get("action") == "sign" and has_signed(actor_of(request), consult_id, study_id)


def say(request: HttpRequest, sentence: Any) -> None:
    messages.success(request, sentence)


def show_on(form: forms.Form, error: Invalid) -> None:
    """Put a service's sentences beside the fields they are about; what has no field goes to the top."""
    if not error.fields:
        form.add_error(None, error.sentence())
    for name, sentences in error.fields.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, str(sentence))


def say_why(form: Any, error: Invalid | Conflict) -> None:
    """Put on a form that comes back, with what was typed, why nothing of it was saved."""
    if isinstance(error, Invalid):
        show_on(form, error)
    elif isinstance(error, StaleForm):
        form.conflict = error
    else:
        form.refusal = error


def posted_revision(request: HttpRequest) -> int:
    """The text that a button without a form of its own was shown with; 0, older than any correction, where it says
    none."""
    return whole_number(request.POST.get("revision")) or 0


def posted_uuid(request: HttpRequest, name: str) -> UUID:
    """An id out of a form. Raises NotFound for anything that is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise NotFound from None
