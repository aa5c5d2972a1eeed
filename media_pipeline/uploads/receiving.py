"""Take files in: first to the spool of the identified store, then one transaction with the job that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile as SentFile
from django.db import transaction

from core.actor import Actor
from core.audit import record
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
) -> UploadReceipt:
    """Spool `files` and enqueue their reading; the studies will belong to `organisation_id`.

    `upload_id` is minted by the form: sent twice, the first receipt comes back. `wait` keeps the job back while the
    caller reads the files itself. Raises Forbidden, NothingSent.
    """
    organisation = get_organisation(organisation_id)
    actor.require(UPLOAD_PERMISSION, organisation.path)
    if not files:
        raise NothingSent
    known = Upload.objects.filter(pk=upload_id, sent_by_id=actor.person_id).first() if upload_id else None
    if known is not None and known.job_id is not None:
        return UploadReceipt(known.pk, known.job_id)
    upload = Upload(
        pk=upload_id or uuid7(),
        organisation=organisation,
        sent_by_id=actor.person_id,
        source=source,
        received_at=now,
    )
    return UploadReceipt(upload.pk, _commit(upload, _all_spooled(upload, files), actor, now, wait))


def _commit(upload: Upload, rows: list[UploadedFile], actor: Actor, now: datetime, wait: timedelta) -> UUID:
    """The upload, its files, its audit entry and its job in one transaction; the job's id."""
    with transaction.atomic():
        job = enqueue(
            ingest,
            now=now,
            arguments={"upload_id": str(upload.pk)},
            actor_id=actor.person_id,
            organisation_path=upload.organisation.path,
            key=f"media_pipeline.ingest:{upload.pk}",
            run_after=now + wait if wait else None,
        )
        upload.job_id = job.pk
        upload.save(force_insert=True)
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
    return job.pk


def _all_spooled(upload: Upload, files: Sequence[SentFile | Path]) -> list[UploadedFile]:
    """All files or, when the disk is full half-way, none."""
    try:
        return [_spooled(upload, position, file) for position, file in enumerate(files, start=1)]
    except OSError:
        stores.remove_folder(stores.identified(), f"spool/{upload.pk}")
        raise


def _spooled(upload: Upload, position: int, file: SentFile | Path) -> UploadedFile:
    spool = f"spool/{upload.pk}/{position}"
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
