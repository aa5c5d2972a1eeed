"""What every decision about a release has in common: do it, and be back where the reader was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from core.errors import XinglinError
from core.numbers import whole_number
from media_pipeline.release.desk import parse_frame

#: Where on the page a form of the texts comes back to: the texts, or the first of them that is still to be read.
PARTS = frozenset({"texts", "to-read"})


def carry_out(
    request: HttpRequest,
    release_id: UUID,
    service: Callable[..., Any],
    *,
    pick: Callable[[Any], str] | None = None,
    **values: Any,
) -> HttpResponse:
    """Call `service` as the reader, now; a refusal that can be mended comes back as a sentence on the same page.

    `pick` makes of its answer the place that is picked next. Raises what is refused for good (403, 404).
    """
    picked = ""
    try:
        answer = service(actor=request.actor, release_id=release_id, now=timezone.now(), **values)
        picked = pick(answer) if pick else ""
    except XinglinError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, f"{error.sentence()} {error.advice()}")
    return back_to_release(request, release_id, picked)


def back_to_release(request: HttpRequest, release_id: UUID, picked: str = "") -> HttpResponse:
    """`part`, `shown` (a frame) and `page` of the form say where the reader was."""
    response = redirect("media_pipeline:deid_release", release_id)
    shown, page = request.POST.get("shown", ""), whole_number(request.POST.get("page"))
    if request.POST.get("part") in PARTS:
        response["Location"] += f"#{request.POST['part']}"
    elif parse_frame(shown):
        wanted = {"frame": shown, "pick": picked} if picked else {"frame": shown}
        response["Location"] += f"?{urlencode(wanted, safe=':')}#picture"
    elif page:
        response["Location"] += f"?page={page}"
    return response
