"""Uploads, the list of studies, the viewer and its pictures."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.ids import uuid7
from core.ui.access import requires, signed_in
from core.ui.idempotency import FormKeyMixin
from directory.models import Organisation
from media_pipeline import selectors
from media_pipeline.access.authorise import authorise_identified, authorise_teaching
from media_pipeline.cage.errors import REASONS, advice_for
from media_pipeline.contracts import IMAGE_LIMITS
from media_pipeline.imaging.covers import pictured_studies
from media_pipeline.imaging.key_images import toggle_key_image
from media_pipeline.imaging.locating import locate
from media_pipeline.imaging.rendering import SIDES, Look, render_identified, render_teaching
from media_pipeline.imaging.viewing import NUMBER_SLOT, ViewerPage, viewer_page
from media_pipeline.models import IdentifiedStudy, TeachingStudy
from media_pipeline.states import UPLOAD, UPLOADED_FILE
from media_pipeline.uploads.receiving import store_instances
from media_pipeline.uploads.retrying import has_given_up, retry_upload
from media_pipeline.video.asking import may_make_video, videos_of
from media_pipeline.web.seen import note_list_seen, note_seen


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files under one name; `clean` gives the list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        items = data if isinstance(data, list) else [data]
        return [super(ManyFilesField, self).clean(item, initial) for item in items]


class UploadForm(FormKeyMixin):
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Sent for"), empty_label=None)
    files = ManyFilesField(  # type: ignore[assignment]
        label=_("DICOM files or zip files"), help_text=IMAGE_LIMITS
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


@require_http_methods(["GET", "POST"])
@requires("imaging.upload")
def upload(request: HttpRequest) -> HttpResponse:
    organisations = Organisation.objects.filter(pk__in=request.actor.organisation_ids("imaging.upload"))
    form = UploadForm(request.POST or None, request.FILES or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        receipt = store_instances(
            actor=request.actor,
            organisation_id=form.cleaned_data["organisation"].pk,
            source="form",
            files=form.cleaned_data["files"],
            now=timezone.now(),
            upload_id=form.cleaned_data["form_key"],
        )
        return redirect("media_pipeline:upload_detail", receipt.upload_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "media_pipeline/upload.html", {"form": form}, status=status)


@require_POST
@requires("imaging.upload")
def upload_again(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    retry_upload(actor=request.actor, upload_id=upload_id, now=timezone.now())
    return redirect("media_pipeline:upload_detail", upload_id)


@require_GET
@requires("imaging.upload")
def upload_detail(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What became of each file; asks again by itself while the job runs."""
    found = selectors.get_upload(actor=request.actor, upload_id=upload_id)
    files = list(found.files.select_related("instance__series__study"))
    studies = {row.instance.series.study for row in files if row.instance}
    note_list_seen(request, "upload", "imaging.upload", len(studies))
    context = {
        "upload": found,
        "has_given_up": has_given_up(found),
        "files": [
            {"row": row, "reason": REASONS.get(row.code, ""), "advice": advice_for(row.code) if row.code else ""}
            for row in files
        ],
        "studies": sorted(studies, key=lambda study: study.pk),
        "machine": UPLOAD,
        "file_machine": UPLOADED_FILE,
        "counts": {state: sum(row.state == state for row in files) for state in UPLOADED_FILE.states},
    }
    name = (
        "parts/upload_state.html"
        if request.headers.get("HX-Request") or "fragment" in request.GET
        else "upload_detail.html"
    )
    return render(request, f"media_pipeline/{name}", context)


@require_GET
@requires("imaging.view")
def studies(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "").replace("\0", "").strip()[:64]
    rows = pictured_studies(actor=request.actor, now=timezone.now(), search=search)
    note_list_seen(request, "studies", "imaging.view", len(rows))
    return render(request, "media_pipeline/studies.html", {"rows": rows, "search": search})


@require_GET
@requires("imaging.view")
def viewer(request: HttpRequest, study_id: UUID) -> HttpResponse:
    return _viewer(request, _identified(request, study_id), "media_pipeline/viewer.html")


@require_GET
@requires("imaging.view")
def viewer_fragment(request: HttpRequest, study_id: UUID) -> HttpResponse:
    return _viewer(request, _identified(request, study_id), "media_pipeline/parts/viewer.html")


@require_GET
@signed_in
def teaching_viewer(request: HttpRequest, study_id: UUID) -> HttpResponse:
    return _viewer(request, _teaching(request, study_id), "media_pipeline/viewer.html")


@require_GET
@signed_in
def teaching_fragment(request: HttpRequest, study_id: UUID) -> HttpResponse:
    return _viewer(request, _teaching(request, study_id), "media_pipeline/parts/viewer.html")


@require_GET
@requires("imaging.view")
def frame(request: HttpRequest, study_id: UUID, series: int, frame: int) -> HttpResponse:
    study = _identified(request, study_id)
    located = locate(study, series, frame)
    look = look_of(request)
    return picture(render_identified(located.instance, located.frame, look), look, "private, max-age=300")


@require_GET
@signed_in
def teaching_frame(request: HttpRequest, study_id: UUID, series: int, frame: int) -> HttpResponse:
    study = _teaching(request, study_id)
    located = locate(study, series, frame)
    look = look_of(request)
    return picture(render_teaching(located.instance, study.release, located.frame, look), look, "no-store")


@require_POST
@requires("imaging.view")
def key_image(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Mark a frame as key image, or take the mark away."""
    series, number = _number(request.POST.get("series"), 1), _number(request.POST.get("frame"), 1)
    now = timezone.now()
    is_marked = toggle_key_image(actor=request.actor, study_id=study_id, series=series, frame=number, now=now)
    if request.headers.get("Accept", "").startswith("application/json"):
        return HttpResponse(json.dumps({"is_key_image": is_marked}), content_type="application/json")
    address = redirect("media_pipeline:viewer", study_id)
    address["Location"] += f"?series={series}&frame={number}"
    return address


def look_of(request: HttpRequest) -> Look:
    """`centre`, `width`, `side` of the query; a side is rounded up to one of a few, so that caching works."""
    centre, width = _decimal(request.GET.get("centre")), _decimal(request.GET.get("width"))
    wanted = _number(request.GET.get("side"), 0)
    side = next((side for side in SIDES if side >= wanted), None) if wanted > 0 else None
    has_window = centre is not None and width is not None and width >= 1
    return Look(centre if has_window else None, width if has_window else None, side)


def picture(content: bytes, look: Look, cache_control: str) -> HttpResponse:
    response = HttpResponse(content, content_type=look.content_type)
    response["Cache-Control"] = cache_control
    return response


def _viewer(request: HttpRequest, study: IdentifiedStudy | TeachingStudy, template: str) -> HttpResponse:
    page: ViewerPage = viewer_page(
        study,
        series=_number(request.GET.get("series"), 1),
        frame=_number(request.GET.get("frame"), 1),
        preset=request.GET.get("window", ""),
    )
    context: dict[str, Any] = {"page": page, "study": study, "slot": NUMBER_SLOT}
    if page.is_teaching:
        context["videos"] = videos_of(study.pk)
        context["video_key"] = uuid7() if may_make_video(request.actor) else None
    return render(request, template, context)


def _identified(request: HttpRequest, study_id: UUID) -> IdentifiedStudy:
    now = timezone.now()
    study = authorise_identified(actor=request.actor, study_id=study_id, now=now)
    note_seen(request, study.pk, study.organisation.path, "study", now)
    return study


def _teaching(request: HttpRequest, study_id: UUID) -> TeachingStudy:
    now = timezone.now()
    study = authorise_teaching(actor=request.actor, study_id=study_id, now=now)
    note_seen(request, study.pk, "", "teaching_study", now)
    return study


def _number(text: str | None, default: int) -> int:
    try:
        return min(int(text or default), 1_000_000)
    except ValueError:
        return default


def _decimal(text: str | None) -> float | None:
    """A window value; whole numbers are enough for the eye and keep the cache small."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return float(round(value)) if abs(value) < 1e6 else None
