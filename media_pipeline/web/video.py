"""The page of a teaching video, its files and its key."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.numbers import whole_number
from core.ui.access import signed_in
from core.ui.idempotency import posted_key
from media_pipeline import stores
from media_pipeline.errors import VideoNotFound
from media_pipeline.states import VIDEO
from media_pipeline.video import asking, files
from media_pipeline.web.seen import note_seen


@require_POST
@signed_in
def make(request: HttpRequest, study_id: UUID) -> HttpResponse:
    series = whole_number(request.POST.get("series"))
    video_id = asking.ask_for_video(
        actor=request.actor,
        study_id=study_id,
        series=1 if series is None else series,
        title=request.POST.get("title", ""),
        video_id=posted_key(request),
        now=timezone.now(),
    )
    return redirect("media_pipeline:video", video_id)


@require_GET
@signed_in
def page(request: HttpRequest, video_id: UUID) -> HttpResponse:
    video = asking.video_for(actor=request.actor, video_id=video_id, now=timezone.now())
    context = {
        "video": video,
        "machine": VIDEO,
        "trouble": asking.stopped_making(video),
        "may_make": asking.may_make_video(request.actor),
    }
    return render(request, "media_pipeline/video.html", context)


@require_POST
@signed_in
def again(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Another try for a video whose making came to a stop."""
    asking.make_again(actor=request.actor, video_id=video_id, now=timezone.now())
    return redirect("media_pipeline:video", video_id)


@require_GET
@signed_in
def file(request: HttpRequest, video_id: UUID, name: str) -> HttpResponseBase:
    """A playlist or an encrypted segment. Worthless without the key, so a browser may keep it for a while."""
    video = asking.video_for(actor=request.actor, video_id=video_id, now=timezone.now())
    path = f"{files.folder(video_id, video.attempt)}/{name}"
    if not files.is_video_file(name) or not stores.teaching().exists(path):
        raise VideoNotFound
    with stores.teaching().open(path, "rb") as stored:
        response = HttpResponse(stored.read(), content_type=files.content_type(name))
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_GET
@signed_in
def key(request: HttpRequest, video_id: UUID) -> HttpResponse:
    now = timezone.now()
    video = asking.video_for(actor=request.actor, video_id=video_id, now=now)
    note_seen(request, video.pk, "", "video", now)
    response = HttpResponse(asking.open_key(video), content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@signed_in
def poster(request: HttpRequest, video_id: UUID) -> HttpResponse:
    video = asking.video_for(actor=request.actor, video_id=video_id, now=timezone.now())
    response = HttpResponse(asking.open_poster(video), content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    return response
