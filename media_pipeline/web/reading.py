"""What a reader does with the texts on the page of a release."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.ui.access import requires
from media_pipeline.release import desk, reading
from media_pipeline.web.deid import REVIEW, back_to_release, try_and_return


@require_POST
@requires(REVIEW)
def confirm_texts(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`text` values are "<name>:<mark of the wording that was shown>"."""
    reading.confirm_texts(
        actor=request.actor,
        release_id=release_id,
        seen=[desk.parse_text(text) for text in request.POST.getlist("text")],
        now=timezone.now(),
    )
    return back_to_release(request, release_id)


@require_POST
@requires(REVIEW)
def take_texts_back(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`name` values: this reader will read these texts again."""
    return try_and_return(
        request,
        release_id,
        lambda: reading.take_texts_back(
            actor=request.actor, release_id=release_id, names=request.POST.getlist("name"), now=timezone.now()
        ),
    )


@require_POST
@requires(REVIEW)
def strike_words(request: HttpRequest, release_id: UUID) -> HttpResponse:
    return try_and_return(
        request,
        release_id,
        lambda: reading.strike_words(
            actor=request.actor, release_id=release_id, words=request.POST.get("words", ""), now=timezone.now()
        ),
    )


@require_POST
@requires(REVIEW)
def remove_strike(request: HttpRequest, release_id: UUID, strike_id: UUID) -> HttpResponse:
    reading.remove_strike(actor=request.actor, release_id=release_id, strike_id=strike_id, now=timezone.now())
    return back_to_release(request, release_id)
