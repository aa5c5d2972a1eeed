"""What is recorded of the site's pictures, which people change in Wagtail's own pages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core import audit
from directory.api import actor_for_person


def note_picture(*, picture_id: int, action: str, person_id: UUID, now: datetime) -> None:
    """One entry for an upload, a change or a deletion, without the picture's words. Wagtail's other lines are none."""
    code = {
        "wagtail.create": "picture.uploaded",
        "wagtail.edit": "picture.changed",
        "wagtail.delete": "picture.deleted",
    }.get(action)
    if code is None:
        return
    audit.record(
        action=code,
        actor=actor_for_person(person_id, now),
        subject_type="picture",
        subject_id=str(picture_id),
        now=now,
    )
