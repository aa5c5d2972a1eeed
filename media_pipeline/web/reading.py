"""What a reader does with the texts on the page of a release."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from core.ui.access import requires
from media_pipeline.release import desk, reading
from media_pipeline.release.reviewing import REVIEW
from media_pipeline.web.returning import carry_out


@require_POST
@requires(REVIEW)
def confirm_texts(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`text` values are "<name>:<mark of the wording that was shown>"."""
    seen = [desk.parse_text(text) for text in request.POST.getlist("text")]
    return carry_out(request, release_id, reading.confirm_texts, seen=seen)


@require_POST
@requires(REVIEW)
def take_texts_back(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`name` values: this reader will read these texts again."""
    return carry_out(request, release_id, reading.take_texts_back, names=request.POST.getlist("name"))


@require_POST
@requires(REVIEW)
def strike_words(request: HttpRequest, release_id: UUID) -> HttpResponse:
    return carry_out(request, release_id, reading.strike_words, words=request.POST.get("words", ""))


@require_POST
@requires(REVIEW)
def remove_strike(request: HttpRequest, release_id: UUID, strike_id: UUID) -> HttpResponse:
    return carry_out(request, release_id, reading.remove_strike, strike_id=strike_id)
