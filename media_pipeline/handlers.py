"""What this room does when something happened below."""

from __future__ import annotations

from datetime import datetime

from core.jobs.events import JobGaveUp
from core.outbox import subscribe
from media_pipeline.tasks import ingest
from media_pipeline.uploads.retrying import note_stopped


def listen() -> None:
    subscribe(JobGaveUp, on_job_gave_up, name="media_pipeline.tell_of_stopped_upload")


def on_job_gave_up(event: JobGaveUp, *, now: datetime) -> None:
    if event.name == ingest.name:
        note_stopped(job_id=event.job_id, now=now)
