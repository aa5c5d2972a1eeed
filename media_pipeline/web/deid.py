"""Pixel review: the list of releases that wait, and the page where a reader looks at every frame."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.errors import XinglinError
from core.numbers import whole_number
from core.ui.access import requires
from core.ui.pagination import paginate
from media_pipeline.imaging.rendering import render_candidate
from media_pipeline.release import desk, listing, reviewing
from media_pipeline.release.retrying import retry_release, stopped_while_preparing
from media_pipeline.states import RELEASE
from media_pipeline.web.imaging import look_of, picture
from media_pipeline.web.seen import note_seen

REVIEW = reviewing.REVIEW
PER_PAGE = 20
VIEW_LABELS = {
    "waiting": _("To review"),
    "open": pgettext_lazy("releases", "Released"),
    "refused": pgettext_lazy("releases", "Refused"),
    "closed": pgettext_lazy("releases", "Closed"),
}
HOLDS = (("", pgettext_lazy("filter", "All")), ("pictures", _("With images")), ("texts", _("Texts only")))


class ReleaseFilterForm(forms.Form):
    """The bar above the list; every field may stay empty."""

    q = forms.CharField(label=_("Search release or organisation"), required=False, max_length=60)
    holds = forms.ChoiceField(label=pgettext_lazy("release", "Holds"), choices=HOLDS, required=False)

    def filters(self) -> listing.ReleaseFilters:
        """A value that is none of the choices filters nothing."""
        self.is_valid()
        return listing.ReleaseFilters(self.cleaned_data.get("q", ""), self.cleaned_data.get("holds", ""))


class BoxForm(forms.Form):
    """A rectangle in image pixels."""

    candidate = forms.UUIDField(widget=forms.HiddenInput)
    left = forms.IntegerField(min_value=0, label=pgettext_lazy("position", "Left"))
    top = forms.IntegerField(min_value=0, label=_("Top"))
    width = forms.IntegerField(min_value=1, label=_("Width"))
    height = forms.IntegerField(min_value=1, label=pgettext_lazy("region", "Height"))
    reason = forms.CharField(max_length=80, required=False, label=_("What is covered"))


@require_GET
@requires(REVIEW)
def releases(request: HttpRequest) -> HttpResponse:
    form = ReleaseFilterForm(request.GET)
    filters = form.filters()
    counts = listing.view_counts(request.actor, filters)
    view = request.GET.get("tab", "waiting")
    view = view if view in counts else "waiting"
    page = paginate(listing.listed(request.actor, filters, view), page=request.GET.get("page"), per_page=PER_PAGE)
    context = {
        "page": page,
        "rows": listing.rows_of(request.actor, page.items),
        "tab": view,
        "tabs": [(name, VIEW_LABELS[name], number) for name, number in counts.items()],
        "form": form,
        "filter_fields": [form["holds"]],
        "is_filtered": any(form.cleaned_data.values()),
        "stopped": stopped_while_preparing(page.items),
        "machine": RELEASE,
    }
    return render(request, "media_pipeline/deid_list.html", context)


@require_GET
@requires(REVIEW)
def release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    now = timezone.now()
    page = desk.review_page(
        actor=request.actor,
        release_id=release_id,
        page=_whole(request.GET.get("page"), 1),
        frame=request.GET.get("frame", ""),
    )
    note_seen(request, page.release.pk, page.release.organisation.path, "release", now)
    context = {"page": page, "release": page.release, "machine": RELEASE, "shows_redacted": "redacted" in request.GET}
    return render(request, "media_pipeline/deid_release.html", context)


@require_GET
@requires(REVIEW)
def frame(request: HttpRequest, release_id: UUID, candidate_id: UUID, number: int) -> HttpResponse:
    candidate = desk.candidate_for(request.actor, release_id, candidate_id)
    look = look_of(request)
    content = render_candidate(candidate, number, look, is_redacted="redacted" in request.GET)
    return picture(content, look, "no-store")


@require_POST
@requires(REVIEW)
def confirm_frames(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`frame` values are "<candidate id>:<frame number>"."""
    reviewing.confirm_frames(
        actor=request.actor,
        release_id=release_id,
        frames=[parsed for text in request.POST.getlist("frame") if (parsed := desk.parse_frame(text))],
        now=timezone.now(),
    )
    return back_to_release(request, release_id)


@require_POST
@requires(REVIEW)
def take_frames_back(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`frame` values as in `confirm_frames`: this reader will look at them again."""
    return try_and_return(
        request,
        release_id,
        lambda: reviewing.take_frames_back(
            actor=request.actor,
            release_id=release_id,
            frames=[parsed for text in request.POST.getlist("frame") if (parsed := desk.parse_frame(text))],
            now=timezone.now(),
        ),
    )


@require_POST
@requires(REVIEW)
def take_confirmation_back(request: HttpRequest, release_id: UUID) -> HttpResponse:
    return try_and_return(
        request,
        release_id,
        lambda: reviewing.take_confirmation_back(actor=request.actor, release_id=release_id, now=timezone.now()),
    )


@require_POST
@requires(REVIEW)
def again(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Another try for work that came to a stop."""
    return try_and_return(
        request, release_id, lambda: retry_release(actor=request.actor, release_id=release_id, now=timezone.now())
    )


@require_POST
@requires(REVIEW)
def draw_box(request: HttpRequest, release_id: UUID) -> HttpResponse:
    form = BoxForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give left, top, width and height in pixels within the picture."))
        return back_to_release(request, release_id)
    values: dict[str, Any] = dict(form.cleaned_data)
    candidate = values.pop("candidate")
    return try_and_return(
        request,
        release_id,
        lambda: reviewing.draw_box(
            actor=request.actor, release_id=release_id, candidate_id=candidate, now=timezone.now(), **values
        ),
    )


@require_POST
@requires(REVIEW)
def remove_box(request: HttpRequest, release_id: UUID, box_id: UUID) -> HttpResponse:
    reviewing.remove_box(actor=request.actor, release_id=release_id, box_id=box_id, now=timezone.now())
    return back_to_release(request, release_id)


@require_POST
@requires(REVIEW)
def confirm(request: HttpRequest, release_id: UUID) -> HttpResponse:
    return try_and_return(
        request,
        release_id,
        lambda: reviewing.confirm_release(
            actor=request.actor,
            release_id=release_id,
            is_defaced=request.POST.get("defaced") == "on",
            defaced_reason=request.POST.get("defaced_reason", ""),
            now=timezone.now(),
        ),
    )


@require_POST
@requires(REVIEW)
def refuse(request: HttpRequest, release_id: UUID) -> HttpResponse:
    return try_and_return(
        request,
        release_id,
        lambda: reviewing.refuse_release(
            actor=request.actor, release_id=release_id, reason=request.POST.get("reason", ""), now=timezone.now()
        ),
    )


def try_and_return(request: HttpRequest, release_id: UUID, act: Any) -> HttpResponse:
    """Act; a refusal the reader can do something about comes back as a sentence on the same page."""
    try:
        act()
    except XinglinError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, f"{error.sentence()} {error.advice()}")
    return back_to_release(request, release_id)


def back_to_release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    response = redirect("media_pipeline:deid_release", release_id)
    page, shown = _whole(request.POST.get("page"), 0), request.POST.get("shown", "")
    if request.POST.get("part") == "texts":
        response["Location"] += "#texts"
        return response
    query = "&".join(
        part for part in (f"page={page}" if page else "", f"frame={shown}" if desk.parse_frame(shown) else "") if part
    )
    if query:
        response["Location"] += f"?{query}"
    return response


def _whole(text: str | None, default: int) -> int:
    number = whole_number(text)
    return default if number is None else number
