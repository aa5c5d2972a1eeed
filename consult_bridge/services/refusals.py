"""Image files of a consult that the archive could not store: told once, shown until somebody has read which."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consult_bridge.models import ConsultUpload
from consult_bridge.notices import tell
from consult_bridge.policies import acts_for_requester
from consult_bridge.services.moving import lock_consult, record, require
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
