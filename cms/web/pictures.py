"""The site's own pictures, to everybody: copies kept with editions, and what Wagtail makes of its library's images.

Originals as they were uploaded are never given out: they may tell place and device of whoever took them.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

TYPES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}
YEAR, HOUR = 31_536_000, 3600  # seconds
#: Folder -> how long a browser keeps its pictures. Those of editions are named by their content and never change.
KEPT_FOR = {"editions": f"public, max-age={YEAR}, immutable", "images": f"public, max-age={HOUR}"}


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """The bytes of one picture; 404 for every other folder and type of file."""
    path = PurePosixPath(name)
    if len(path.parts) != 2 or path.parts[0] not in KEPT_FOR or path.suffix.lower() not in TYPES:
        raise Http404
    try:
        with default_storage.open(str(path), "rb") as file:
            content = file.read()
    except (OSError, ValueError, SuspiciousOperation):
        raise Http404 from None
    headers = {"Cache-Control": KEPT_FOR[path.parts[0]]}
    return HttpResponse(content, content_type=TYPES[path.suffix.lower()], headers=headers)
