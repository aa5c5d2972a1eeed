"""What a reader does with the frames and the places of a picture, and with the release as a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from core.ui.access import requires
from media_pipeline.release import closing, desk, marking, reviewing
from media_pipeline.release.retrying import retry_release
from media_pipeline.release.reviewing import REVIEW
from media_pipeline.web.returning import back_to_release, carry_out


class CornersForm(forms.Form):
    """A rectangle in image pixels."""

    left = forms.IntegerField(min_value=0, label=pgettext_lazy("position", "Left"))
    top = forms.IntegerField(min_value=0, label=_("Top"))
    width = forms.IntegerField(min_value=1, label=_("Width"))
    height = forms.IntegerField(min_value=1, label=pgettext_lazy("region", "Height"))


class BoxForm(CornersForm):
    candidate = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(max_length=80, required=False, label=_("What is covered"))


class MarkForm(forms.Form):
    candidate = forms.UUIDField()
    mark = forms.IntegerField()


@require_POST
@requires(REVIEW)
def confirm_frames(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`frame` values are "<candidate id>:<frame number>"."""
    return carry_out(request, release_id, reviewing.confirm_frames, frames=_frames(request))


@require_POST
@requires(REVIEW)
def take_frames_back(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`frame` values as in `confirm_frames`: this reader will look at them again."""
    return carry_out(request, release_id, reviewing.take_frames_back, frames=_frames(request))


@require_POST
@requires(REVIEW)
def draw_box(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """With `stay` the new rectangle is picked then, else the next place that waits."""
    form = BoxForm(request.POST)
    if not form.is_valid():
        return _not_a_rectangle(request, release_id)
    values: dict[str, Any] = dict(form.cleaned_data)
    values["candidate_id"] = values.pop("candidate")
    pick = _key_of_box if "stay" in request.POST else None
    return carry_out(request, release_id, reviewing.draw_box, pick=pick, **values)


@require_POST
@requires(REVIEW)
def move_box(request: HttpRequest, release_id: UUID, box_id: UUID) -> HttpResponse:
    form = CornersForm(request.POST)
    if not form.is_valid():
        return _not_a_rectangle(request, release_id)
    corners = form.cleaned_data
    return carry_out(
        request, release_id, marking.move_box, pick=lambda _none: _key_of_box(box_id), box_id=box_id, **corners
    )


@require_POST
@requires(REVIEW)
def remove_box(request: HttpRequest, release_id: UUID, box_id: UUID) -> HttpResponse:
    return carry_out(request, release_id, reviewing.remove_box, box_id=box_id)


@require_POST
@requires(REVIEW)
def leave_mark(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`left_visible` is "on" or missing: this reader wants to decide again."""
    form = MarkForm(request.POST)
    if not form.is_valid():
        return back_to_release(request, release_id)
    return carry_out(
        request,
        release_id,
        marking.leave_mark,
        candidate_id=form.cleaned_data["candidate"],
        number=form.cleaned_data["mark"],
        is_left=request.POST.get("left_visible") == "on",
    )


@require_POST
@requires(REVIEW)
def take_confirmation_back(request: HttpRequest, release_id: UUID) -> HttpResponse:
    return carry_out(request, release_id, reviewing.take_confirmation_back)


@require_POST
@requires(REVIEW)
def again(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Another try for work that came to a stop."""
    return carry_out(request, release_id, retry_release)


@require_POST
@requires(REVIEW)
def confirm(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`face` is "defaced" or "no_head" where a face may show, `face_reason` how this reader checked."""
    return carry_out(
        request,
        release_id,
        reviewing.confirm_release,
        face=request.POST.get("face", ""),
        face_reason=request.POST.get("face_reason", ""),
    )


@require_POST
@requires(REVIEW)
def refuse(request: HttpRequest, release_id: UUID) -> HttpResponse:
    return carry_out(request, release_id, reviewing.refuse_release, reason=request.POST.get("reason", ""))


@require_POST
@requires(REVIEW)
def pull(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """An open release is closed because of what was found in it."""
    return carry_out(request, release_id, closing.pull_release, reason=request.POST.get("reason", ""))


def _frames(request: HttpRequest) -> list[tuple[UUID, int]]:
    return [parsed for text in request.POST.getlist("frame") if (parsed := desk.parse_frame(text))]


def _key_of_box(box_id: UUID) -> str:
    return f"box-{box_id}"


def _not_a_rectangle(request: HttpRequest, release_id: UUID) -> HttpResponse:
    messages.error(request, _("Give left, top, width and height in pixels within the picture."))
    return back_to_release(request, release_id)
