"""Machine keys of a person: made (and shown once) and revoked by the security administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.errors import Conflict, Invalid, NotFound
from core.ui.access import signed_in
from directory.services import tokens
from directory.web.form_errors import show_conflict, show_on
from directory.web.people import person_for, show_person
from directory.web.place_forms import KeyForm


@never_cache
@require_POST
@signed_in
def token_add(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The secret stands in this one answer and nowhere else: no redirect, nothing kept."""
    person = person_for(request, person_id)
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            token, secret = tokens.issue_token(
                actor=request.actor, token_id=form.cleaned_data["form_key"], person_id=person.pk,
                organisation_id=form.organisation.pk, scopes=form.cleaned_data["scopes"],
                label=form.cleaned_data["label"], expires_at=form.expires_at(), now=timezone.now(),
            )  # fmt: skip
        except Invalid as error:
            show_on(form, error)
        except Conflict as error:
            show_conflict(form, error)
        else:
            context = {"person": person, "token": token, "secret": secret}
            return render(request, "directory/people/key_made.html", context)
    return show_person(request, person, new_key=form)


@require_POST
@signed_in
def token_revoke(request: HttpRequest, person_id: UUID, token_id: UUID) -> HttpResponse:
    person = person_for(request, person_id)
    if not person.access_tokens.filter(pk=token_id).exists():
        raise NotFound
    tokens.revoke_token(actor=request.actor, token_id=token_id, now=timezone.now())
    messages.success(request, _("Key revoked."))
    return redirect("directory:person", person.pk)
