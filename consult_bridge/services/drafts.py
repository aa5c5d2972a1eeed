"""A request before it is sent: keep what was typed and the files that were chosen, for its writer alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from consult_bridge import files as papers
from consult_bridge.errors import ConsultEnded, ConsultNotFound
from consult_bridge.models import Consult, ConsultDraft, DraftFile, DraftFileKind
from consult_bridge.models.record import identified_storage
from consult_bridge.services.studies import send_images
from core.actor import Actor

ROW_PREFIX = "labs-"
FOLDER = "drafts"
_STORE: dict[str, Callable[..., papers.StoredPage]] = {
    DraftFileKind.PAGE: papers.store_page,
    DraftFileKind.IMAGE: papers.store_image,
}


def was_sent(actor: Actor, draft_id: UUID) -> bool:
    """Whether the request under this key is a consult already. Raises ConsultNotFound when it is another's."""
    requester = Consult.unscoped.filter(pk=draft_id).values_list("requester_id", flat=True).first()
    if requester is None:
        return False
    if requester != actor.person_id:
        raise ConsultNotFound
    return True


def save_draft(*, actor: Actor, draft_id: UUID, body: dict[str, list[str]], now: datetime) -> bool:
    """Keep the fields in `body`, sealed, for this person alone; fields that are not in it stay as they are.

    Laboratory rows are one thing: when any is in `body` they replace all that were kept. False, and nothing is
    kept, when the request was sent already. Raises ConsultNotFound for another person's draft.
    """
    actor.require("consult.request")
    with transaction.atomic():
        kept = ConsultDraft.objects.select_for_update().filter(pk=draft_id).first()
        if was_sent(actor, draft_id):  # asked under the lock: whoever sends the draft deletes it
            return False
        if kept is not None and kept.person_id != actor.person_id:
            raise ConsultNotFound
        fields = _merged(json.loads(kept.body) if kept else {}, body)
        ConsultDraft.objects.update_or_create(
            pk=draft_id,
            defaults={
                "person_id": actor.person_id,
                "body": json.dumps(fields, ensure_ascii=False),
                "saved_at": now,
            },
        )
    return True


def _merged(kept: dict[str, list[str]], typed: dict[str, list[str]]) -> dict[str, list[str]]:
    if any(name.startswith(ROW_PREFIX) for name in typed):
        kept = {name: values for name, values in kept.items() if not name.startswith(ROW_PREFIX)}
    return kept | typed


def keep_files(
    *, actor: Actor, draft_id: UUID, kind: str, uploads: Sequence[UploadedFile], now: datetime
) -> list[DraftFile]:
    """Keep chosen files with a draft that is kept already.

    All or none: raises AttachmentRefused for a page that is none, TooLarge, ConsultNotFound, Forbidden.
    """
    actor.require("imaging.upload" if kind == DraftFileKind.IMAGE else "consult.request")
    if kind == DraftFileKind.PAGE:
        for upload in uploads:
            papers.check_page(upload)
    stored = [_STORE[kind](upload, folder=FOLDER) for upload in uploads]
    with transaction.atomic():
        if not ConsultDraft.objects.select_for_update().filter(pk=draft_id, person_id=actor.person_id).exists():
            _delete_blobs([one.name for one in stored])
            raise ConsultNotFound
        return [_row(one, draft_id, kind, actor=actor, now=now) for one in stored]


def _row(stored: papers.StoredPage, draft_id: UUID, kind: str, *, actor: Actor, now: datetime) -> DraftFile:
    return DraftFile.objects.create(
        draft_id=draft_id,
        person_id=actor.person_id,
        kind=kind,
        title=stored.title,
        file=stored.name,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        added_at=now,
    )


def remove_file(*, actor: Actor, draft_id: UUID, file_id: UUID) -> None:
    """Take a file out of a draft. One that is gone already is no error."""
    with transaction.atomic():
        if not was_sent(actor, draft_id):
            _forget(DraftFile.objects.filter(pk=file_id, draft_id=draft_id, person_id=actor.person_id))


def discard_draft(*, actor: Actor, draft_id: UUID) -> None:
    """Forget one's own draft with its files. Raises ConsultNotFound for a foreign one and for one that is gone."""
    with transaction.atomic():
        is_gone = not ConsultDraft.objects.filter(pk=draft_id, person_id=actor.person_id).delete()[0]
        files = DraftFile.objects.filter(draft_id=draft_id, person_id=actor.person_id)
        if is_gone and not files.exists():
            raise ConsultNotFound
        if not Consult.unscoped.filter(pk=draft_id).exists():
            _forget(files)


def take_pages(draft_id: UUID, *, actor: Actor) -> list[papers.StoredPage]:
    """The kept pages, for the consult that is being made of the draft; called in its transaction. The files stay
    where they are, only their rows go."""
    rows = list(DraftFile.objects.filter(draft_id=draft_id, person_id=actor.person_id, kind=DraftFileKind.PAGE))
    DraftFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [papers.StoredPage(row.file.name or "", row.title, row.content_type, row.size, row.sha256) for row in rows]


def has_images(draft_id: UUID, *, actor: Actor) -> bool:
    return DraftFile.objects.filter(draft_id=draft_id, person_id=actor.person_id, kind=DraftFileKind.IMAGE).exists()


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
    with transaction.atomic():
        _forget(DraftFile.objects.filter(pk__in=[row.pk for row in rows]))
    return sent


def _forget(rows: QuerySet[DraftFile]) -> None:
    """Delete rows, and their files once that is certain."""
    names = [row.file.name or "" for row in rows]
    rows.delete()
    transaction.on_commit(partial(_delete_blobs, names))


def _delete_blobs(names: Sequence[str]) -> None:
    for name in names:
        identified_storage().delete(name)
