"""Image files that were chosen with a request: once it is sent, a job hands them to the archive."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from consult_bridge import tasks
from consult_bridge.errors import ConsultEnded
from consult_bridge.models import Consult, DraftFile, DraftFileKind
from consult_bridge.models.record import identified_storage
from consult_bridge.notices import tell
from consult_bridge.selectors.drafts import job_key
from consult_bridge.services.batches import FIRST, batch_after
from consult_bridge.services.drafts import remove_files
from consult_bridge.services.moving import lock_consult, record
from consult_bridge.services.studies import require_open_for, send_images
from consult_bridge.states import ENDED
from core.actor import SYSTEM, Actor
from core.jobs import enqueue, newest_job


def order_kept_images(consult: Consult, *, actor: Actor, now: datetime, after: UUID | None = None) -> None:
    """The files go to the archive by a job, so that none is lost between two clicks or two crashes. Where one gave up
    (`after` is its id) another begins; ordered twice it is one. Called in the transaction of the change."""
    files = DraftFile.objects.filter(draft_id=consult.pk, kind=DraftFileKind.IMAGE)
    if files.exists():
        enqueue(
            tasks.send_kept_images,
            now=now,
            arguments={"consult_id": str(consult.pk)},
            actor_id=actor.person_id,
            organisation_path=consult.requesting_organisation.path,
            key=f"{job_key(consult.pk)}:{after}" if after else job_key(consult.pk),
        )


def send_kept_images_again(*, actor: Actor, consult_id: UUID, now: datetime) -> None:
    """After the job gave up: whoever may send images for the requesting hospital hands them on in their own name.

    Pressed twice it is done once. Raises ConsultNotFound, ConsultEnded, Forbidden.
    """
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        require_open_for(actor, consult)
        last = newest_job(job_key(consult.pk))
        if last is not None and last.state == "dead":
            order_kept_images(consult, actor=actor, now=now, after=last.id)
            record(consult, "consult.images_sent_again", actor=actor, now=now)


def tell_that_images_wait(*, consult_id: UUID, job_id: UUID, person_id: UUID | None, now: datetime) -> None:
    """The job gave up: tell the requester, and who tried it again, what to do. Safe to repeat."""
    with transaction.atomic():
        consult = lock_consult(SYSTEM, consult_id)
        people = {consult.requester_id, person_id}
        key = f"images-wait:{job_id}"
        if tell(people, "consult.images_wait", consult, now=now, key=key, has_to_pass_on=True):
            record(consult, "consult.images_wait", actor=SYSTEM, now=now)


def waiting_ids(now: datetime, after: UUID = FIRST) -> list[UUID]:
    """Consults that go on and whose images still lie here, whether a job tries or gave up."""
    images = DraftFile.objects.filter(kind=DraftFileKind.IMAGE)
    return batch_after(Consult.unscoped.exclude(state__in=ENDED).filter(pk__in=images.values("draft_id")), after)


def tell_if_given_up(*, consult_id: UUID, now: datetime) -> None:
    """A worker that is killed at its last attempt tells nobody: the sweep does it for what was declared dead."""
    last = newest_job(job_key(consult_id))
    if last is not None and last.state == "dead":
        tell_that_images_wait(consult_id=consult_id, job_id=last.id, person_id=last.actor_id, now=now)


class _KeptImage(UploadedFile):
    """A kept file that is open only while it is read: a study may have more files than a process may open."""

    def __init__(self, row: DraftFile) -> None:
        super().__init__(None, name=row.title, size=row.size)
        self._stored = row.file.name or ""

    def seek(self, offset: int, whence: int = 0) -> int:
        if self.file is None or self.file.closed:
            self.file = identified_storage().open(self._stored, "rb")
        return int(self.file.seek(offset, whence))

    def read(self, size: int = -1) -> bytes:
        content: bytes = self.file.read(size)  # type: ignore[union-attr]  # whoever stores it begins at its start
        if not content or size < 0:
            self.close()
        return content

    def close(self) -> None:
        if self.file is not None:  # one that was never read
            super().close()


def send_kept_images(*, actor: Actor, consult_id: UUID, now: datetime) -> int:
    """Hand the image files of a sent request to the archive, then forget them here. Repeating it sends none twice.

    A consult that ended meanwhile takes none; they are forgotten all the same.
    """
    rows = list(DraftFile.objects.filter(draft_id=consult_id, kind=DraftFileKind.IMAGE))
    if not rows:
        return 0
    files = [_KeptImage(row) for row in rows]
    sent = len(rows)
    try:
        send_images(actor=actor, consult_id=consult_id, upload_id=uuid5(consult_id, "images"), files=files, now=now)
    except ConsultEnded:
        sent = 0
    finally:
        for file in files:
            file.close()
    remove_files(consult_id)
    return sent
