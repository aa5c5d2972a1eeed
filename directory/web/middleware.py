"""Every request carries its actor, and rights that need a second factor wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.actor import ANONYMOUS, Actor
from directory import selectors
from directory.services.sign_in import SECOND_FACTOR_ROLES, has_used_second_factor

OPEN_PREFIXES = (
    "/accounts/",
    "/profile/",
    "/language/",
    "/theme/",
    "/static/",
    "/media/",
    "/courses/",
    "/library/",
    "/verify/",
    "/healthz",
    "/readyz",
    "/metrics",
)


def _full_actor(request: HttpRequest) -> Actor:
    person = request.user
    if not person.is_authenticated:
        return ANONYMOUS
    return selectors.actor_of(person, timezone.now(), is_mfa_verified=has_used_second_factor(request))


def without_unproved_rights(actor: Actor) -> Actor:
    """The actor without the roles that a second factor must open first."""
    if actor.is_mfa_verified:
        return actor
    grants = tuple(grant for grant in actor.grants if grant.role not in SECOND_FACTOR_ROLES)
    return Actor(actor.person_id, actor.name, grants)


class PrivateAnswers:
    """On a shared computer nothing of a session may be seen after it, neither by the Back button nor in the cache.

    An answer to somebody with a session is kept by no browser unless its view says otherwise (RFC 9111, 5.2.2.5);
    signing out empties what the browser kept of pictures (Clear-Site-Data, over TLS).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
            if getattr(request, "has_signed_out", False):
                response.headers["Clear-Site-Data"] = '"cache"'
        return response


class ActorMiddleware:
    """Sets `request.actor`, read from the grants once per request and only when somebody asks.

    A person who may see patients or administer, and has not proved a second factor in this session, acts without
    those rights and is led to set it up, or to enter a code, before anything but the open pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        full: Any = SimpleLazyObject(lambda: _full_actor(request))
        request.actor = SimpleLazyObject(lambda: without_unproved_rights(full))
        if self._is_guarded(request) and len(request.actor.grants) < len(full.grants):
            return self._lead_to_second_factor(request)
        return self.get_response(request)

    @staticmethod
    def _is_guarded(request: HttpRequest) -> bool:
        """Open pages cost no query, and neither does anything before sign-in."""
        path = request.path
        return path != "/" and not path.startswith(OPEN_PREFIXES) and request.user.is_authenticated

    @staticmethod
    def _lead_to_second_factor(request: HttpRequest) -> HttpResponse:
        name = "mfa_reauthenticate" if is_mfa_enabled(request.user, ["totp"]) else "mfa_activate_totp"
        return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
