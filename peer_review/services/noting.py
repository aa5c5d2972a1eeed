"""The one audit entry of a service, on the subject that is reviewed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import audit
from core.actor import Actor
from peer_review.models import ReviewRound


def note(action: str, actor: Actor, row: ReviewRound, now: datetime, **details: Any) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject_type=row.subject_kind,
        subject_id=row.subject_id,
        organisation_path=row.organisation_path,
        details={"round": str(row.pk), **details},
        now=now,
    )
