"""Who calls DICOMweb: a browser session, or a machine with a scoped token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from core.actor import Actor
from core.errors import Forbidden, Unauthenticated
from directory.api import bearer_of

SCOPE = "dicomweb"


@dataclass(frozen=True, slots=True)
class Caller:
    """`organisation_id` is whose data a store will be: the token's organisation, or the person's only one."""

    actor: Actor
    organisation_id: UUID | None
    is_machine: bool


def caller_of(request: HttpRequest, now: datetime) -> Caller:
    """Raises Unauthenticated, TokenRefused."""
    if header := request.headers.get("Authorization", ""):
        bearer = bearer_of(header, scope=SCOPE, now=now)
        return Caller(bearer.actor, bearer.organisation_id, True)
    actor: Actor = request.actor
    if not actor.is_signed_in:
        raise Unauthenticated
    places = actor.organisation_ids("imaging.upload")
    return Caller(actor, places[0] if len(places) == 1 else None, False)


def check_origin(request: HttpRequest, caller: Caller) -> None:
    """A session that writes proves that the page was ours; a token needs no such proof. Raises Forbidden."""
    if not caller.is_machine and CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {}) is not None:
        raise Forbidden


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)
