"""The sheet of one rectangle in all recordings of a release, its pictures, and what is decided on it together."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.errors import XinglinError
from core.numbers import whole_number
from core.ui.access import requires
from media_pipeline.errors import ReleaseNotFound
from media_pipeline.imaging.rendering import Look
from media_pipeline.imaging.strips import CARD, Strip, render_strip
from media_pipeline.release import desk, together
from media_pipeline.release.alike import BARE, STATES
from media_pipeline.release.rectangles import Rectangle
from media_pipeline.release.reviewing import REVIEW, check_inside
from media_pipeline.release.sheets import Sheet, sheet_for
from media_pipeline.web.imaging import picture
from media_pipeline.web.seen import note_seen

STATE_LABELS = {
    "suggested": _("To decide"),
    "left": pgettext_lazy("places", "Left visible"),
    "covered": pgettext_lazy("places", "Covered"),
    "bare": _("Nothing noticed there"),
}


@require_GET
@requires(REVIEW)
def sheet(request: HttpRequest, release_id: UUID, candidate_id: UUID, **corners: int) -> HttpResponse:
    """`show` names the state of the crops, `ticks=all` begins with all of the page ticked."""
    shown = _sheet(request, release_id, candidate_id, corners, request.GET)
    note_seen(request, shown.release.pk, shown.release.organisation.path, "release", timezone.now())
    ticked = {crop.key for crop in shown.crops} if request.GET.get("ticks") == "all" else set()
    return _page(request, shown, ticked)


@require_POST
@requires(REVIEW)
def decide(request: HttpRequest, release_id: UUID, candidate_id: UUID, **corners: int) -> HttpResponse:
    """`act` with each `place` (a crop's key), when `looked` is on; what is refused comes back with its ticks."""
    try:
        number = together.decide_together(
            actor=request.actor,
            release_id=release_id,
            candidate_id=candidate_id,
            rectangle=Rectangle(**corners),
            act=request.POST.get("act", ""),
            places=request.POST.getlist("place"),
            has_looked=request.POST.get("looked") == "on",
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except XinglinError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, f"{error.sentence()} {error.advice()}")
        return _once_more(request, release_id, candidate_id, corners, error.status)
    _say(request, request.POST.get("act", ""), number)
    response = redirect("media_pipeline:deid_release", release_id)
    response["Location"] += f"?{urlencode({'frame': f'{candidate_id}:1'}, safe=':')}#picture"
    return response


@require_GET
@requires(REVIEW)
def strip(request: HttpRequest, release_id: UUID, candidate_id: UUID, **corners: int) -> HttpResponse:
    """A few frames around the rectangle; served and ended like a frame."""
    candidate = desk.candidate_for(request.actor, release_id, candidate_id)
    check_inside(candidate, **corners)
    note_seen(request, candidate.release_id, candidate.release.organisation.path, "release", timezone.now())
    return picture(render_strip(Strip(candidate, Rectangle(**corners))), Look(), "no-store")


def _once_more(
    request: HttpRequest, release_id: UUID, candidate_id: UUID, corners: dict[str, int], status: int
) -> HttpResponse:
    """The sheet as it is now with the ticks that were sent; the release's page once nothing of it is shown any more."""
    try:
        shown = _sheet(request, release_id, candidate_id, corners, request.POST)
    except ReleaseNotFound:
        return redirect("media_pipeline:deid_release", release_id)
    return _page(request, shown, set(request.POST.getlist("place")), status, request.POST.get("reason"))


def _sheet(request: HttpRequest, release_id: UUID, candidate_id: UUID, corners: dict[str, int], asked: Any) -> Sheet:
    return sheet_for(
        actor=request.actor,
        release_id=release_id,
        candidate_id=candidate_id,
        rectangle=Rectangle(**corners),
        state=asked.get("show", ""),
        page=whole_number(asked.get("page")) or 1,
    )


def _page(
    request: HttpRequest, shown: Sheet, ticked: set[str], status: int = 200, reason: str | None = None
) -> HttpResponse:
    """What the machine did not notice is no unchanging mark: there the reader says what it is."""
    cards = [(crop, Strip(crop.candidate, crop.rectangle), crop.key in ticked) for crop in shown.crops]
    context = {
        "sheet": shown,
        "release": shown.release,
        "cards": cards,
        "reason": reason if reason is not None else "" if shown.state == BARE else _("Unchanging mark"),
        "is_wide": any(strip.width > CARD for _crop, strip, _is_ticked in cards),
        "tabs": [(name, STATE_LABELS[name], shown.counts[name]) for name in STATES],
    }
    response = render(request, "media_pipeline/deid_alike.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _say(request: HttpRequest, act: str, number: int) -> None:
    if not number:
        messages.info(request, _("These places are decided already. Nothing was changed."))
        return
    words = {
        together.LEAVE: ngettext("%(number)d place left visible.", "%(number)d places left visible.", number),
        together.AGAIN: ngettext("%(number)d place to decide again.", "%(number)d places to decide again.", number),
        together.COVER: ngettext("%(number)d place covered.", "%(number)d places covered.", number),
        together.REMOVE: ngettext("%(number)d rectangle taken away.", "%(number)d rectangles taken away.", number),
    }
    messages.success(request, words[act] % {"number": number})
