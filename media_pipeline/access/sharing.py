"""Share rows: written by higher rooms in their own transactions, read here on every request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from media_pipeline.access.audience import NO_RIGHT, Right
from media_pipeline.errors import StudyNotFound
from media_pipeline.models import IdentifiedStudy, Share


def share(
    *,
    study_ids: Iterable[UUID],
    holder: str,
    purpose: str,
    right: Right = NO_RIGHT,
    until: datetime | None = None,
    now: datetime,
) -> None:
    """Let the holder of a token see these studies for a purpose. Again: the end is moved.

    A person's share needs a `right` and counts only while the person has it. Raises StudyNotFound.
    """
    wanted = set(study_ids)
    known = set(IdentifiedStudy.unscoped.filter(pk__in=wanted).values_list("pk", flat=True))
    if known != wanted:
        raise StudyNotFound
    rule = {"until": until, "permission": right.permission, "path": right.path}
    for study_id in sorted(wanted):
        Share.objects.update_or_create(
            study_id=study_id,
            holder=holder,
            purpose=purpose,
            defaults=rule,
            create_defaults=rule | {"created_at": now},
        )


def unshare(*, study_ids: Iterable[UUID], holder: str | None = None, purpose: str | None = None, now: datetime) -> int:
    """Take shares back, of one holder or of all, for one purpose or for all but the owner's; how many."""
    rows = Share.objects.filter(study__in=set(study_ids)).exclude(purpose="owner")
    if holder is not None:
        rows = rows.filter(holder=holder)
    if purpose is not None:
        rows = rows.filter(purpose=purpose)
    return rows.delete()[0]
