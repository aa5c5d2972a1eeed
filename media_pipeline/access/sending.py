"""Send bytes with Range (RFC 9110, 14): from a plain file or from a sealed one, in pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")  # a longer number is no place in any file
CHUNK = 256 * 1024

Reader = Callable[[int, int], Iterator[bytes]]


def send(request: HttpRequest, *, read: Reader, size: int, content_type: str, cache_control: str) -> HttpResponseBase:
    """The bytes, or the range that was asked for. `read(start, length)` yields them."""
    wanted = _range(request.headers.get("Range", ""), size)
    if wanted == "unsatisfiable":
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    start, end = wanted if isinstance(wanted, tuple) else (0, size - 1)
    length = end - start + 1
    response = StreamingHttpResponse(
        read(start, length), status=206 if isinstance(wanted, tuple) else 200, content_type=content_type
    )
    if isinstance(wanted, tuple):
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(max(0, length))
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = cache_control
    response["Content-Disposition"] = "attachment"
    return response


def _range(header: str, size: int) -> tuple[int, int] | str | None:
    """(First, last byte) of one range; None when there is none that we answer; or "unsatisfiable"."""
    match = RANGE.fullmatch(header.strip())
    if not match or not (match[1] or match[2]):
        return None
    if match[1]:
        start, end = int(match[1]), min(int(match[2]) if match[2] else size - 1, size - 1)
    else:
        start, end = max(0, size - int(match[2])), size - 1
    return (start, end) if start <= end and start < size else "unsatisfiable"
