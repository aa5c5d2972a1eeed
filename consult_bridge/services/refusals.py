"""Image files of a consult that the archive did not store: which could not be, and which nobody reads any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge.models import ConsultUpload
from consult_bridge.notices import tell, tell_requesting_side
from consult_bridge.policies import acts_for_requester
from consult_bridge.services.moving import lock_consult, record, require
from consult_bridge.services.studies import require_open_for
from core.actor import SYSTEM, Actor
from media_pipeline import api as media


def files_refused(*, upload_id: UUID, now: datetime) -> None:
    """Tell the requester and whoever sent them. An upload of no consult is nobody's here. Safe to repeat."""
    with transaction.atomic():
        upload = ConsultUpload.objects.filter(pk=upload_id).first()
        if upload is None:
            return
        consult = lock_consult(SYSTEM, upload.consult_id)
        if not ConsultUpload.objects.filter(pk=upload_id, refused_at__isnull=True).update(refused_at=now):
            return
        number = len(media.refused_files([upload_id]))
        record(consult, "consult.files_refused", actor=SYSTEM, now=now, details={"files": number})
        people = {consult.requester_id, *media.senders_of([upload_id])}
        tell(people, "consult.files_refused", consult, now=now, key=f"files-refused:{upload_id}")


def note_refusals(*, actor: Actor, consult_id: UUID, now: datetime) -> None:
    """Somebody of the requesting side has read which files were not stored: the consult asks no more for it.

    Said twice it is one. Raises ConsultNotFound, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require(acts_for_requester(actor, consult, "imaging.upload"))
        rows = ConsultUpload.objects.filter(consult=consult, refused_at__isnull=False, read_at__isnull=True)
        if rows.update(read_at=now):
            record(consult, "consult.refusals_read", actor=actor, now=now)


def reading_stopped(*, upload_id: UUID, now: datetime) -> None:
    """Reading an upload gave up: tell the requester and whoever sent it, each time. It is no fault of the files."""
    with transaction.atomic():
        upload = ConsultUpload.objects.filter(pk=upload_id).first()
        if upload is None or not media.stopped_uploads([upload_id]):
            return
        consult = lock_consult(SYSTEM, upload.consult_id)
        record(consult, "consult.reading_stopped", actor=SYSTEM, now=now)
        people = {consult.requester_id, *media.senders_of([upload_id])}
        key = f"stopped:{upload_id}:{now.isoformat()}"
        tell_requesting_side(people, "consult.reading_stopped", consult, now=now, key=key)


def read_again(*, actor: Actor, consult_id: UUID, now: datetime) -> None:
    """Have the files read whose reading gave up. Pressed twice it is done once.

    Raises ConsultNotFound, ConsultEnded, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require_open_for(actor, consult)
        stopped = media.stopped_uploads(consult.uploads.values_list("pk", flat=True))
        for upload_id in stopped:
            media.retry_upload(actor=actor, upload_id=upload_id, now=now)
        if stopped:
            record(consult, "consult.read_again", actor=actor, now=now)
