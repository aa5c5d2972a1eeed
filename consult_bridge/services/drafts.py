"""A request before it is sent: keep what was typed and the files that were chosen, for its writer alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from consult_bridge import files as papers
from consult_bridge.errors import ConsultNotFound, DraftGone, DraftSent
from consult_bridge.models import Consult, ConsultDraft, DraftFile, DraftFileKind, GoneDraft
from consult_bridge.models.record import identified_storage
from core import audit
from core.actor import Actor
from media_pipeline import api as media

ROW_PREFIX = "labs-"
FOLDER = "drafts"
_STORE: dict[str, Callable[..., list[papers.StoredPage]]] = {
    DraftFileKind.PAGE: papers.store_pages,
    DraftFileKind.IMAGE: papers.store_images,
}


def was_sent(actor: Actor, draft_id: UUID) -> bool:
    """Whether the request under this key is a consult already. Raises ConsultNotFound when it is another's."""
    requester = Consult.unscoped.filter(pk=draft_id).values_list("requester_id", flat=True).first()
    if requester is None:
        return False
    if requester != actor.person_id:
        raise ConsultNotFound
    return True


def lock_draft(actor: Actor, draft_id: UUID) -> ConsultDraft | None:
    """The draft's row, locked before anything else of it is looked at: of two windows that act at once the second
    waits here and then sees what the first has done. None where nothing was kept under this key yet.

    Called inside a transaction. Raises DraftSent, DraftGone, and ConsultNotFound for another person's.
    """
    draft = ConsultDraft.objects.select_for_update().filter(pk=draft_id).first()
    if was_sent(actor, draft_id):
        raise DraftSent
    if was_deleted(actor, draft_id):
        raise DraftGone
    if draft is not None and draft.person_id != actor.person_id:
        raise ConsultNotFound
    return draft


def was_deleted(actor: Actor, draft_id: UUID) -> bool:
    """Whether the draft under this key is gone. Raises ConsultNotFound when it was another's."""
    owner = GoneDraft.objects.filter(pk=draft_id).values_list("person_id", flat=True).first()
    if owner is not None and owner != actor.person_id:
        raise ConsultNotFound
    return owner is not None


def save_draft(*, actor: Actor, draft_id: UUID, body: dict[str, list[str]], now: datetime) -> None:
    """Keep the fields in `body`, sealed, for this person alone; fields that are not in it stay as they are.

    Laboratory rows are one thing: when any is in `body` they replace all that were kept. Raises DraftSent, DraftGone,
    and ConsultNotFound for another person's draft.
    """
    actor.require("consult.request")
    with transaction.atomic():
        draft = lock_draft(actor, draft_id) or _begun(actor, draft_id, now)
        draft.body = json.dumps(_merged(json.loads(draft.body), body), ensure_ascii=False)
        draft.saved_at, draft.warned_at = now, None
        draft.save(update_fields=["body", "saved_at", "warned_at"])


def _begun(actor: Actor, draft_id: UUID, now: datetime) -> ConsultDraft:
    """An empty draft under a lock; two windows that begin at once begin one."""
    empty = {"person_id": actor.person_id, "body": "{}", "saved_at": now}
    ConsultDraft.objects.get_or_create(pk=draft_id, defaults=empty)
    draft = lock_draft(actor, draft_id)
    if draft is None:
        raise DraftGone
    return draft


def _merged(kept: dict[str, list[str]], typed: dict[str, list[str]]) -> dict[str, list[str]]:
    if any(name.startswith(ROW_PREFIX) for name in typed):
        kept = {name: values for name, values in kept.items() if not name.startswith(ROW_PREFIX)}
    return kept | typed


def keep_files(
    *, actor: Actor, draft_id: UUID, kind: str, uploads: Sequence[UploadedFile], now: datetime
) -> list[DraftFile]:
    """Keep chosen files with a draft that is kept already. An image file that the archive will not store is marked.

    All or none: raises AttachmentRefused for a page that is none, TooLarge, DraftSent, DraftGone, ConsultNotFound,
    Forbidden.
    """
    actor.require("imaging.upload" if kind == DraftFileKind.IMAGE else "consult.request")
    problems = [media.judge_file(upload) if kind == DraftFileKind.IMAGE else "" for upload in uploads]
    stored = _STORE[kind](uploads, folder=FOLDER)
    with papers.deleted_on_failure(stored), transaction.atomic():
        if lock_draft(actor, draft_id) is None:
            raise ConsultNotFound
        return [
            _row(one, draft_id, kind, problem, actor=actor, now=now)
            for one, problem in zip(stored, problems, strict=True)
        ]


def _row(
    stored: papers.StoredPage, draft_id: UUID, kind: str, problem: str, *, actor: Actor, now: datetime
) -> DraftFile:
    return DraftFile.objects.create(
        draft_id=draft_id,
        person_id=actor.person_id,
        kind=kind,
        title=stored.title,
        file=stored.name,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        problem=problem,
        added_at=now,
    )


def remove_file(*, actor: Actor, draft_id: UUID, file_id: UUID) -> None:
    """Take a file out of a draft. One that is gone already is no error. Raises DraftSent, DraftGone."""
    with transaction.atomic():
        lock_draft(actor, draft_id)
        forget_files(DraftFile.objects.filter(pk=file_id, draft_id=draft_id, person_id=actor.person_id))


def discard_draft(*, actor: Actor, draft_id: UUID, now: datetime) -> None:
    """Forget one's own draft with its files. A second click finds it gone and changes nothing.

    Raises DraftSent, and ConsultNotFound for a foreign draft and for one that never was.
    """
    with suppress(DraftGone), transaction.atomic():
        draft = lock_draft(actor, draft_id)
        if draft is None:
            raise ConsultNotFound
        record_draft(draft_id, "draft.discarded", actor=actor, now=now, details=number_of_files(draft_id))
        bury(draft, has_expired=False, now=now)


def bury(draft: ConsultDraft, *, has_expired: bool, now: datetime) -> None:
    """Delete a locked draft. Its files follow once that is certain, and with the next sweep where that is cut short."""
    draft_id = draft.pk
    GoneDraft.objects.create(pk=draft_id, person_id=draft.person_id, gone_at=now, has_expired=has_expired)
    draft.delete()
    transaction.on_commit(partial(remove_files, draft_id), robust=True)


def number_of_files(draft_id: UUID) -> dict[str, int]:
    return {"files": DraftFile.objects.filter(draft_id=draft_id).count()}


def remove_files(draft_id: UUID) -> int:
    """Remove the files of a draft that is gone, each from the store before its row: a row is what a later sweep finds.

    Returns how many. Raises what the store raises.
    """
    rows = list(DraftFile.objects.filter(draft_id=draft_id))
    for row in rows:
        identified_storage().delete(row.file.name or "")
        row.delete()
    return len(rows)


def record_draft(draft_id: UUID, action: str, *, actor: Actor, now: datetime, details: dict | None = None) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject_type="consult_draft",
        subject_id=draft_id,
        details=details or {},
        now=now,
    )


def take_pages(draft_id: UUID, *, actor: Actor) -> list[papers.StoredPage]:
    """The kept pages, for the consult that is being made of the draft; called in its transaction. The files stay
    where they are, only their rows go."""
    rows = list(DraftFile.objects.filter(draft_id=draft_id, person_id=actor.person_id, kind=DraftFileKind.PAGE))
    DraftFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [papers.StoredPage(row.file.name or "", row.title, row.content_type, row.size, row.sha256) for row in rows]


def forget_files(rows: QuerySet[DraftFile]) -> None:
    """Delete rows, and their files once that is certain."""
    names = [row.file.name or "" for row in rows]
    rows.delete()
    transaction.on_commit(partial(_delete_blobs, names))


def _delete_blobs(names: Sequence[str]) -> None:
    for name in names:
        identified_storage().delete(name)
