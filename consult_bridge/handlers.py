"""What this room does when something happened below."""

from __future__ import annotations

from datetime import datetime

from consult_bridge.services.refusals import files_refused, reading_stopped
from consult_bridge.services.studies import study_stored
from core.outbox import subscribe
from media_pipeline.events import FilesRefused, StudyStored, UploadStopped


def listen() -> None:
    subscribe(StudyStored, on_study_stored, name="consult_bridge.attach_study")
    subscribe(FilesRefused, on_files_refused, name="consult_bridge.tell_of_refused_files")
    subscribe(UploadStopped, on_upload_stopped, name="consult_bridge.tell_of_stopped_upload")


def on_study_stored(event: StudyStored, *, now: datetime) -> None:
    study_stored(study_id=event.study_id, now=now)


def on_files_refused(event: FilesRefused, *, now: datetime) -> None:
    files_refused(upload_id=event.upload_id, now=now)


def on_upload_stopped(event: UploadStopped, *, now: datetime) -> None:
    reading_stopped(upload_id=event.upload_id, now=now)
