"""The one picture of a landing page: a fragment of its own, because visitors share a stored copy of the page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cms import selectors
from core.content import block_of


@require_GET
def cover(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """The first picture that a block of the edition in use lends, for somebody signed in; otherwise nothing."""
    now = timezone.now()
    nodes = selectors.current_nodes(course_id) if request.actor.is_signed_in else ()
    pictures = (block_of(node.kind).cover(node, actor=request.actor, now=now) for node in nodes)
    response = HttpResponse(next((picture for picture in pictures if picture), ""))
    response["Cache-Control"] = "no-store, private"
    return response
