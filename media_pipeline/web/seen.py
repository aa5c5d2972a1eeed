"""The request's part of the viewing trail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from core.actor import Actor
from core.audit import note_list
from media_pipeline.access.trail import note_view


def note_seen(
    request: HttpRequest,
    subject_id: UUID,
    organisation_path: str,
    kind: str,
    now: datetime,
    actor: Actor | None = None,
) -> None:
    """Record the view once per session and quarter of an hour. A token's requests have no session, but an actor."""
    session = getattr(request, "session", None)
    key = (session.session_key if session is not None else None) or "token"
    note_view(
        actor=actor or request.actor,
        study_id=subject_id,
        organisation_path=organisation_path,
        session=key[:16],
        kind=kind,
        now=now,
    )


def note_list_seen(request: HttpRequest, name: str, permission: str, shown: int) -> None:
    """Record that a list with patients' names was read, once per actor and quarter of an hour."""
    note_list(
        actor=request.actor,
        name=f"media_pipeline.{name}",
        permission=permission,
        shown=shown,
        now=timezone.now(),
    )
