"""What this room does when something happened below."""

from __future__ import annotations

from datetime import datetime

from consult_bridge.services.studies import study_stored
from core.outbox import subscribe
from media_pipeline.events import StudyStored


def listen() -> None:
    subscribe(StudyStored, on_study_stored, name="consult_bridge.attach_study")


def on_study_stored(event: StudyStored, *, now: datetime) -> None:
    study_stored(study_id=event.study_id, now=now)
