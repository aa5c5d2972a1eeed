"""Read what lies in the spool, file by file: unpack zips, store images, name what is wrong with the rest."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from core.actor import Actor
from core.audit import record
from core.outbox import publish
from core.tracing import places_of
from media_pipeline import cage, stores
from media_pipeline.cage import BadFile, CageFailed, CageUnavailable
from media_pipeline.dicom.identifiers import fault_of
from media_pipeline.dicom.storing import check_object, identifier, store_object
from media_pipeline.errors import UploadNotFound
from media_pipeline.events import FilesRefused, StudyStored
from media_pipeline.imaging.keeping import trim_rendered
from media_pipeline.models import IdentifiedInstance, IdentifiedStudy, Upload, UploadedFile
from media_pipeline.states import UPLOAD, UPLOADED_FILE
from media_pipeline.uploads.limits import LARGEST_FILE

log = logging.getLogger(__name__)

ZONE = "identified"
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
INSPECT_SECONDS = 30.0
UNPACK_SECONDS = 120.0

Progress = Callable[[int, int], None]


def ingest_upload(
    *,
    upload_id: UUID,
    now: datetime,
    progress: Progress = lambda done, total: None,
    is_last: bool = False,
    study_uid: str = "",
) -> dict[str, int]:
    """Bring every waiting file of the upload to an outcome. Safe to run again.

    A file whose reading was lost (a busy machine, a full disk) stays waiting and CageUnavailable is raised once the
    others are done; with `is_last` it is refused. With `study_uid` objects of other studies are refused too.
    Raises UploadNotFound.
    """
    upload = Upload.objects.select_related("organisation").filter(pk=upload_id).first()
    if upload is None:
        raise UploadNotFound
    lost: set[UUID] = set()
    while waiting := list(upload.files.filter(state="waiting").exclude(pk__in=lost)):
        for row in waiting:
            try:
                _handle(upload, row, now, progress, study_uid)
            except CageFailed as error:
                if not is_last:
                    lost.add(row.pk)
                    continue
                _refuse(row, error)
            _remove_spool(row)
            progress(_handled(upload), upload.files.count())
    if lost:
        raise CageUnavailable
    _finish(upload, now)
    trim_rendered()
    return {state: upload.files.filter(state=state).count() for state in ("stored", "duplicate", "refused")}


def _handled(upload: Upload) -> int:
    return upload.files.exclude(state="waiting").count()


def _handle(upload: Upload, row: UploadedFile, now: datetime, progress: Progress, study_uid: str) -> None:
    """One file to its outcome. Raises CageFailed."""
    try:
        with stores.opened(stores.identified(), row.spool) as file:
            magic = file.read(4)
            if row.size > LARGEST_FILE:
                raise BadFile("too_large")
            if magic in ZIP_MAGIC:
                _unpack(upload, row, file, progress)
            else:
                _store(upload, row, file, now, study_uid)
    except CageFailed:
        raise
    except BadFile as error:
        _refuse(row, error)
    except FileNotFoundError:  # another worker has read and removed it in the meantime
        log.warning("spool of %s is gone", row.pk)
        UploadedFile.objects.filter(pk=row.pk, state="waiting").update(state="refused", code="unreadable")


def _refuse(row: UploadedFile, error: BadFile) -> None:
    row.state, row.code = UPLOADED_FILE.check(row.state, "refuse"), error.reason
    row.save(update_fields=["state", "code", "sop_class_uid", "sop_uid"])


def _remove_spool(row: UploadedFile) -> None:
    with contextlib.suppress(FileNotFoundError):
        stores.identified().delete(row.spool)


def _unpack(upload: Upload, row: UploadedFile, file: BinaryIO, progress: Progress) -> None:
    """One waiting row for each member. A zip inside a zip is refused as not DICOM by the caller's next round."""
    if "/" in row.spool.removeprefix(f"spool/{upload.pk}/"):
        raise BadFile("not_dicom")
    members = cage.call("list_archive", zone=ZONE, files=[file.fileno()], seconds=INSPECT_SECONDS).value
    if not members:
        raise BadFile("empty")
    done, total = _handled(upload), upload.files.count() + len(members)
    last = upload.files.order_by("-position").values_list("position", flat=True)[0]
    rows = []
    for number, member in enumerate(members, start=1):
        spool = f"spool/{upload.pk}/{row.position}/{number}"
        with stores.scratch() as out:
            size = cage.call(
                "unpack_member",
                zone=ZONE,
                files=[file.fileno(), out.fileno()],
                arguments={"index": int(member["index"])},
                seconds=UNPACK_SECONDS,
            ).value
            stores.put(stores.identified(), spool, out)
        progress(done, total)
        name = str(member["name"])[-200:]
        rows.append(UploadedFile(upload=upload, position=last + number, name=name, size=int(size), spool=spool))
    with transaction.atomic():
        if UploadedFile.objects.select_for_update().get(pk=row.pk).state != "waiting":
            return  # another worker was faster; it has the same members under the same names
        UploadedFile.objects.bulk_create(rows)
        row.state = UPLOADED_FILE.check(row.state, "unpack")
        row.save(update_fields=["state"])


def _store(upload: Upload, row: UploadedFile, file: BinaryIO, now: datetime, study_uid: str) -> None:
    header = cage.call("inspect", zone=ZONE, files=[file.fileno()], seconds=INSPECT_SECONDS).value
    if fault := fault_of(header):
        raise BadFile(fault)
    row.sop_class_uid, row.sop_uid = identifier(header, "sop_class_uid"), identifier(header, "sop_uid")
    if study_uid and str(header["study_uid"]) != study_uid:
        raise BadFile("other_study")
    sha256, size = stores.sha256_of(file)
    check_object(organisation=upload.organisation, header=header, sha256=sha256)
    path = stores.put_by_content(stores.identified(), file, sha256)
    _keep(upload, row, header, now, path=path, size=size, sha256=sha256)


def _keep(upload: Upload, row: UploadedFile, header: dict[str, Any], now: datetime, **stored: Any) -> None:
    """The rows of a stored file. What the database refuses twice is the file's own fault: no value of a header may
    keep the other files of its upload waiting. Raises BadFile.
    """
    for may_be_a_race in (True, False):  # another worker may have stored the same object a moment ago
        try:
            with transaction.atomic():
                instance, is_new = store_object(organisation=upload.organisation, header=header, now=now, **stored)
                row.instance = instance
                row.state = UPLOADED_FILE.check("waiting", "store" if is_new else "recognise")
                row.save(update_fields=["state", "instance", "sop_class_uid", "sop_uid"])
                return
        except (DataError, IntegrityError) as error:
            row.instance, row.state = None, "waiting"
            log.error("rows of %s are refused: %s\n%s", row.pk, type(error).__name__, places_of(error))
            if not may_be_a_race:
                _remove_unused(row, stored["path"])
                raise BadFile("unreadable") from error


def _remove_unused(row: UploadedFile, path: str) -> None:
    """The bytes go as well. Equal bytes that another upload brings at this moment are refused for the same reason."""
    if not IdentifiedInstance.objects.filter(sop_uid=row.sop_uid, path=path).exists():
        stores.identified().delete(path)


def _finish(upload: Upload, now: datetime) -> None:
    with transaction.atomic():
        current = Upload.objects.select_for_update().get(pk=upload.pk)
        if current.state == "done":
            return
        current.state, current.finished_at = UPLOAD.check(current.state, "finish"), now
        current.save(update_fields=["state", "finished_at"])
        if upload.files.filter(state="refused").exists():
            publish(FilesRefused(upload_id=upload.pk), now=now)
        studies = IdentifiedStudy.unscoped.filter(series__instances__in=_stored(upload)).distinct()
        for study in studies:
            publish(StudyStored(study_id=study.pk), now=now)
            record(
                action="imaging.study_stored",
                actor=Actor(upload.sent_by_id, ""),  # type: ignore[arg-type]  # absent when a gateway sent it
                subject_type="study",
                subject_id=study.pk,
                organisation_path=upload.organisation.path,
                details={"upload": str(upload.pk), "source": upload.source},
                now=now,
            )


def _stored(upload: Upload) -> list[UUID]:
    rows = upload.files.filter(state__in=["stored", "duplicate"], instance__isnull=False)
    return list(rows.values_list("instance", flat=True))
