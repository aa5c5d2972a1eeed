"""Retrieve (WADO-RS, PS3.18, 10.4): objects as multipart, metadata, frames, rendered pictures, thumbnails."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.errors import Invalid
from media_pipeline import cage
from media_pipeline.access.sending import send
from media_pipeline.errors import StudyNotFound
from media_pipeline.imaging.rendering import Look
from media_pipeline.rest import dicom_json
from media_pipeline.rest.callers import caller_of
from media_pipeline.rest.sides import Side
from media_pipeline.web.seen import note_seen

SECONDS = 30.0
THUMBNAIL = 160
MOST_METADATA = 1000
MOST_FRAMES = 1000
FRAME_NUMBER = re.compile(r"[0-9]{1,6}")
WIDEST = 1e6  # a window beyond it shows one grey


@require_GET
def study(request: HttpRequest, side: Side, study_uid: str) -> HttpResponseBase:
    return _multipart(side, found(request, side, study_uid))


@require_GET
def series(request: HttpRequest, side: Side, study_uid: str, series_uid: str) -> HttpResponseBase:
    return _multipart(side, found(request, side, study_uid, series_uid))


@require_GET
def instance(request: HttpRequest, side: Side, study_uid: str, series_uid: str, sop_uid: str) -> HttpResponseBase:
    """One object: as multipart, or plain with Range for `Accept: application/dicom`."""
    rows = found(request, side, study_uid, series_uid, sop_uid)
    if request.headers.get("Accept", "").split(";")[0].strip() != "application/dicom":
        return _multipart(side, rows)
    chosen = rows[0]
    return send(
        request,
        read=lambda start, length: side.read(chosen, start, length),
        size=chosen.size,
        content_type="application/dicom",
        cache_control=side.cache_control,
    )


@require_GET
def metadata(
    request: HttpRequest, side: Side, study_uid: str, series_uid: str | None = None, sop_uid: str | None = None
) -> JsonResponse:
    values = []
    for row in found(request, side, study_uid, series_uid, sop_uid)[:MOST_METADATA]:
        with side.opened(row) as file:
            values.append(cage.call("metadata", zone=side.zone, files=[file.fileno()], seconds=SECONDS).value)
    response = JsonResponse(values, safe=False, content_type=dicom_json.JSON)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def frames(
    request: HttpRequest, side: Side, study_uid: str, series_uid: str, sop_uid: str, numbers: str
) -> HttpResponseBase:
    """Stored frames, compressed as they are, each once and with its transfer syntax; one at a time in memory."""
    row = found(request, side, study_uid, series_uid, sop_uid)[0]
    wanted = _numbers(numbers)
    if not all(1 <= number <= row.frames for number in wanted):
        raise cage.BadFile("no_such_frame")
    boundary = secrets.token_hex(16)
    response = StreamingHttpResponse(
        _frame_parts(side, row, wanted, boundary),
        content_type=f'multipart/related; type="application/octet-stream"; boundary={boundary}',
    )
    response["Cache-Control"] = side.cache_control
    return response


def _frame_parts(side: Side, row: Any, numbers: list[int], boundary: str) -> Iterator[bytes]:
    with side.opened(row) as file:
        for number in numbers:
            result = cage.call(
                "extract_frame", zone=side.zone, files=[file.fileno()], arguments={"frame": number}, seconds=SECONDS
            )
            kind = f"application/octet-stream; transfer-syntax={result.value['transfer_syntax_uid']}"
            yield _part(boundary, kind, result.blobs[0])
    yield f"--{boundary}--\r\n".encode()


@require_GET
def rendered(
    request: HttpRequest, side: Side, study_uid: str, series_uid: str, sop_uid: str, numbers: str = "1"
) -> HttpResponse:
    row = found(request, side, study_uid, series_uid, sop_uid)[0]
    return _picture(side, row, _numbers(numbers)[0], rendered_look(request))


@require_GET
def thumbnail(
    request: HttpRequest, side: Side, study_uid: str, series_uid: str | None = None, sop_uid: str | None = None
) -> HttpResponse:
    """A small picture of the object, or of the middle object of a series or study."""
    rows = [row for row in found(request, side, study_uid, series_uid, sop_uid) if row.is_image]
    if not rows:
        raise StudyNotFound
    chosen = rows[len(rows) // 2]
    return _picture(side, chosen, (chosen.frames + 1) // 2, Look(side=THUMBNAIL))


def found(
    request: HttpRequest, side: Side, study_uid: str, series_uid: str | None = None, sop_uid: str | None = None
) -> list[Any]:
    """The objects that were asked for, in viewing order. Raises StudyNotFound, and records the view."""
    now = timezone.now()
    actor = caller_of(request, now).actor
    owner = side.study(actor, study_uid, now)
    rows = side.instances(owner)
    if series_uid is not None:
        rows = rows.filter(series__series_uid=series_uid)
    if sop_uid is not None:
        rows = rows.filter(sop_uid=sop_uid)
    listed = list(rows.order_by("series__number", "position", "number", "id"))
    if not listed:
        raise StudyNotFound
    note_seen(request, owner.pk, side.organisation_path(owner), side.kind, now, actor)
    return listed


def rendered_look(request: HttpRequest) -> Look:
    """`window=centre,width,linear` and `viewport=width,height` (PS3.18, 8.3.5). Raises Invalid."""
    centre = width = side = None
    try:
        if window := request.GET.get("window"):
            first, second, *_function = window.split(",")
            # whole numbers are enough for the eye, and keep the cache of rendered frames small
            centre, width = (float(round(max(-WIDEST, min(float(text), WIDEST)))) for text in (first, second))
            width = max(1.0, width)
        if viewport := request.GET.get("viewport"):
            first, second, *_rest = viewport.split(",")
            side = max(1, min(int(first), int(second), 4096))
    except ValueError:
        raise Invalid(fields={"window": ["centre,width,linear"], "viewport": ["width,height"]}) from None
    kind = "png" if "image/png" in request.headers.get("Accept", "") else "jpeg"
    return Look(centre, width, side, kind)


def _picture(side: Side, row: Any, frame: int, look: Look) -> HttpResponse:
    response = HttpResponse(side.render(row, frame, look), content_type=look.content_type)
    response["Cache-Control"] = side.cache_control
    return response


def _multipart(side: Side, rows: list[Any]) -> StreamingHttpResponse:
    boundary = secrets.token_hex(16)
    response = StreamingHttpResponse(
        _parts(side, rows, boundary), content_type=f'multipart/related; type="application/dicom"; boundary={boundary}'
    )
    response["Cache-Control"] = side.cache_control
    return response


def _parts(side: Side, rows: Iterable[Any], boundary: str) -> Iterator[bytes]:
    for row in rows:
        yield f"--{boundary}\r\nContent-Type: application/dicom\r\nContent-Length: {row.size}\r\n\r\n".encode()
        yield from side.read(row, 0, row.size)
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _part(boundary: str, kind: str, content: bytes) -> bytes:
    return f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + content + b"\r\n"


def _numbers(text: str) -> list[int]:
    """Frame numbers "1,5,9", each once. Raises Invalid."""
    parts = text.split(",")
    if len(parts) > MOST_FRAMES or not all(FRAME_NUMBER.fullmatch(part) for part in parts):
        raise Invalid(fields={"frames": ["1,2,3"]})
    return list(dict.fromkeys(int(part) for part in parts))
