"""The site's own pictures: those of editions to everybody, those of drafts and of the library to who works on courses.

Originals as they were uploaded are never given out: they may tell place and device of whoever took them.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cms import policies, selectors
from cms.pictures import FOLDER
from core.actor import Actor

TYPES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}
LIBRARY = "images"  # where Wagtail puts what it scaled
YEAR, HOUR = 31_536_000, 3600  # seconds
#: A kept picture is named by its content and never changes; caches between give it up soon after its course.
EVERYBODY = f"public, max-age={YEAR}, s-maxage={HOUR}, immutable"
SOMEBODY = f"private, max-age={HOUR}"


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """The bytes of one picture; 404 for every other folder and type of file, and for who may not see it now."""
    path = PurePosixPath(name)
    if len(path.parts) != 2 or path.suffix.lower() not in TYPES:
        raise Http404
    kept_for = _kept_for(request.actor, *path.parts)
    try:
        with default_storage.open(str(path), "rb") as file:
            content = file.read()
    except (OSError, ValueError, SuspiciousOperation):
        raise Http404 from None
    return HttpResponse(content, content_type=TYPES[path.suffix.lower()], headers={"Cache-Control": kept_for})


def _kept_for(actor: Actor, folder: str, name: str) -> str:
    """What caches are told of a picture that this actor may see. Raises Http404 where it is not for them.

    Learners finish a retired course, so its pictures stay for who is signed in.
    """
    if folder == LIBRARY and policies.may_see_library(actor):
        return SOMEBODY
    if folder == FOLDER:
        standing = selectors.picture_standing(name)
        if standing == "published":
            return EVERYBODY
        if (standing and actor.is_signed_in) or policies.may_see_drafts_picture(actor):
            return SOMEBODY
    raise Http404
