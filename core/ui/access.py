"""Who may open a view: decorators at the edge. Services check again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.actor import ANONYMOUS, Actor
from core.errors import Unauthenticated
from core.ui.problems import wants_problem

View = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor:
    """The request's actor; a visitor where no middleware has run (error pages)."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """A page sends to the sign-in form; a fragment or a program gets the refusal itself."""
    if wants_problem(request) or request.headers.get("HX-Request"):
        raise Unauthenticated
    return redirect_to_login(request.get_full_path())


def signed_in(view: View) -> View:
    """For every signed-in person."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not actor_of(request).is_signed_in:
            return _sign_in_first(request)
        return view(request, *args, **kwargs)

    return guarded


def requires(permission: str) -> Callable[[View], View]:
    """For those who hold `permission` anywhere. Raises Forbidden, which is audited, for other signed-in people."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if not actor.is_signed_in:
                return _sign_in_first(request)
            actor.require(permission)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
