"""Take files in: first to the spool of the identified store, then one transaction with the job that reads them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile as SentFile
from django.db import IntegrityError, transaction

from core.actor import Actor
from core.audit import record
from core.errors import Conflict
from core.ids import uuid7
from core.jobs import enqueue
from directory.api import get_organisation
from media_pipeline import stores
from media_pipeline.contracts import UploadReceipt
from media_pipeline.errors import NothingSent
from media_pipeline.models import Upload, UploadedFile
from media_pipeline.tasks import ingest

UPLOAD_PERMISSION = "imaging.upload"
NAME_LENGTH = 200


def store_instances(
    *,
    actor: Actor,
    organisation_id: UUID,
    source: str,
    files: Sequence[SentFile | Path],
    now: datetime,
    upload_id: UUID | None = None,
    wait: timedelta = timedelta(),
    study_uid: str = "",
) -> UploadReceipt:
    """Spool `files` and enqueue their reading; the studies will belong to `organisation_id`.

    `upload_id` is minted by the form: sent twice, also by a colleague, the receipt of whoever was first comes back.
    `wait` keeps the job back while the caller reads the files itself. `study_uid` is the only study whose objects are
    wanted, "" for any. Raises Forbidden, NothingSent, Conflict when the id is another organisation's.
    """
    organisation = get_organisation(organisation_id)
    actor.require(UPLOAD_PERMISSION, organisation.path)
    if not files:
        raise NothingSent
    if upload_id and (known := Upload.objects.filter(pk=upload_id).first()):
        return _receipt(known, organisation_id)
    upload = Upload(
        pk=upload_id or uuid7(),
        organisation=organisation,
        sent_by_id=actor.person_id,
        source=source,
        received_at=now,
    )
    sending, rows, is_kept = secrets.token_hex(6), [], False
    try:
        for position, file in enumerate(files, start=1):
            rows.append(_spooled(upload, sending, position, file))
        is_kept = _commit(upload, rows, actor, now, wait, study_uid)
    finally:
        if not is_kept:
            for row in rows:
                stores.identified().delete(row.spool)
    return _receipt(Upload.objects.get(pk=upload.pk), organisation_id)


def job_key(upload_id: UUID) -> str:
    return f"media_pipeline.ingest:{upload_id}"


def _receipt(upload: Upload, organisation_id: UUID) -> UploadReceipt:
    """Raises Conflict."""
    if upload.organisation_id != organisation_id or upload.job_id is None:
        raise Conflict
    return UploadReceipt(upload.pk, upload.job_id)


def _commit(
    upload: Upload, rows: list[UploadedFile], actor: Actor, now: datetime, wait: timedelta, study_uid: str
) -> bool:
    """The upload, its files, its audit entry and its job in one transaction; False when the same one came meanwhile."""
    with transaction.atomic():
        if not _insert(upload):
            return False
        job = enqueue(
            ingest,
            now=now,
            arguments={"upload_id": str(upload.pk)} | ({"study_uid": study_uid} if study_uid else {}),
            actor_id=actor.person_id,
            organisation_path=upload.organisation.path,
            key=job_key(upload.pk),
            run_after=now + wait if wait else None,
        )
        upload.job_id = job.pk
        upload.save(update_fields=["job_id"])
        UploadedFile.objects.bulk_create(rows)
        record(
            action="imaging.upload_received",
            actor=actor,
            subject_type="upload",
            subject_id=upload.pk,
            organisation_path=upload.organisation.path,
            details={"files": len(rows), "source": upload.source},
            now=now,
        )
    return True


def _insert(upload: Upload) -> bool:
    """False when a row with this id is there."""
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError:
        if not Upload.objects.filter(pk=upload.pk).exists():
            raise
        return False
    return True


def _spooled(upload: Upload, sending: str, position: int, file: SentFile | Path) -> UploadedFile:
    spool = f"spool/{upload.pk}/{sending}-{position}"
    if isinstance(file, Path):
        with file.open("rb") as opened:
            stores.put(stores.identified(), spool, opened)
        size = file.stat().st_size
    else:
        stores.put(stores.identified(), spool, cast(BinaryIO, file))
        size = int(file.size or 0)
    return UploadedFile(
        upload=upload, position=position, name=str(file.name or "")[-NAME_LENGTH:], size=size, spool=spool
    )
