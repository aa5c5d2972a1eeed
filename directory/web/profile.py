"""/profile/: what the house knows about me, and how I sign in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.ui.access import signed_in
from directory import selectors
from directory.phone_numbers import masked
from directory.services import addresses
from directory.services.sign_in import end_sessions, needs_second_factor
from directory.services.tokens import revoke_token


@require_GET
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Name, places, roles, machine keys; links to everything that changes sign-in."""
    person: Any = request.user  # a Person: `signed_in` let nobody else through
    now = timezone.now()
    return render(
        request,
        "directory/profile.html",
        {
            "memberships": selectors.memberships_of(person),
            "grants": selectors.grants_of(person, now),
            "tokens": selectors.tokens_of(person, now),
            "phone": masked(person.phone) if person.phone else "",
            "addresses": [
                (kind, label, text, addresses.is_confirmed(person, kind))
                for kind, label, text in (
                    (addresses.PHONE, _("Mobile number"), masked(person.phone) if person.phone else ""),
                    (addresses.EMAIL, _("E-mail"), person.email),
                )
            ],
            "has_second_factor": is_mfa_enabled(person, ["totp"]),
            "needs_second_factor": needs_second_factor(person, now),
        },
    )


@require_POST
@signed_in
def end_my_sessions(request: HttpRequest) -> HttpResponse:
    """Signs me out everywhere, here too."""
    end_sessions(actor=request.actor, person_id=request.actor.person_id, now=timezone.now())
    return HttpResponseRedirect(reverse("account_login"))


@require_POST
@signed_in
def revoke_my_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    revoke_token(actor=request.actor, token_id=token_id, now=timezone.now())
    return HttpResponseRedirect(reverse("directory:profile"))
