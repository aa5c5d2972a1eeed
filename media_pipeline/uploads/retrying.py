"""When reading an upload came to a stop: its files are kept, and read again when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.actor import Actor
from core.audit import record
from core.jobs import JobNotFound, dead_keys, get_job, revive
from core.outbox import publish
from media_pipeline import selectors
from media_pipeline.events import UploadStopped
from media_pipeline.models import Upload, UploadedFile
from media_pipeline.uploads.receiving import job_key


def has_given_up(upload: Upload) -> bool:
    """Whether files wait that no job reads any more."""
    if upload.state != "received" or upload.job_id is None:
        return False
    try:
        return get_job(upload.job_id).state == "dead"
    except JobNotFound:
        return False


def stopped_uploads(upload_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these uploads of which files wait that no job reads any more."""
    waiting = Upload.objects.filter(pk__in=list(upload_ids), state="received").values_list("pk", flat=True)
    keys = {job_key(upload_id): upload_id for upload_id in waiting}
    return {keys[key] for key in dead_keys(keys)} if keys else set()


def files_being_read(upload_ids: Iterable[UUID]) -> int:
    """How many files of these uploads wait for a job that will read them; of an archive its members, once unpacked."""
    ids = list(upload_ids)
    waiting = UploadedFile.objects.filter(upload__in=ids, state="waiting").exclude(upload__in=stopped_uploads(ids))
    return waiting.count()


def note_stopped(*, job_id: UUID, now: datetime) -> None:
    """The job of an upload is dead: whoever sent it somewhere is told. Called in the transaction of the receipt."""
    upload = Upload.objects.filter(job_id=job_id).first()
    if upload is not None and has_given_up(upload):
        publish(UploadStopped(upload_id=upload.pk), now=now)


def retry_upload(*, actor: Actor, upload_id: UUID, now: datetime) -> None:
    """Read the waiting files again, with a new set of attempts; a second click changes nothing.

    Raises UploadNotFound.
    """
    with transaction.atomic():
        selectors.get_upload(actor=actor, upload_id=upload_id)
        upload = Upload.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=upload_id)
        if upload.job_id is None or not has_given_up(upload):
            return
        revive(job_id=upload.job_id, now=now)
        record(
            action="imaging.upload_retried",
            actor=actor,
            subject_type="upload",
            subject_id=upload.pk,
            organisation_path=upload.organisation.path,
            now=now,
        )
