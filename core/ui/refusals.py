"""Being refused is audited: who asked for which page, by which method."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from core import audit
from core.errors import Forbidden
from core.ui.access import actor_of

LONGEST_PATH = 60


def record_refusal(error: Forbidden, request: HttpRequest) -> None:
    """One entry "refused"; a visitor who is not signed in leaves none, because there is nobody to name."""
    actor = actor_of(request)
    if not actor.is_signed_in:
        return
    path = request.path
    audit.record(
        action="refused",
        actor=actor,
        subject_type="page",
        subject_id=path[:LONGEST_PATH],
        details={"method": request.method or "", "code": error.code, "path": path[:300]},
        now=timezone.now(),
    )
