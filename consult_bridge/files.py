"""Scanned pages and forms: opened before they count, kept in the identified store."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import Error

from consult_bridge.errors import AttachmentRefused
from consult_bridge.models import DraftFile, RecordAttachment, TeachingConsent
from consult_bridge.models.record import identified_storage
from core.errors import TooLarge
from core.ids import uuid7
from media_pipeline import api as media

logger = logging.getLogger(__name__)
MAX_BYTES = 20 * 2**20
_SIGNATURES = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)


@dataclass(frozen=True, slots=True)
class StoredPage:
    name: str
    title: str
    content_type: str
    size: int
    sha256: str


def content_type_of(head: bytes) -> tuple[str, str] | None:
    """(media type, extension) by signature; None for anything that is not a PDF, JPEG or PNG."""
    for signature, media_type, extension in _SIGNATURES:
        if head.startswith(signature):
            return media_type, extension
    return None


def check_page(upload: UploadedFile) -> tuple[str, str]:
    """(Media type, extension) of a page that can be read to its end. The name and the declared type count for nothing.

    Raises AttachmentRefused, TooLarge.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise TooLarge
    upload.seek(0)
    kind = content_type_of(upload.read(16))
    upload.seek(0)
    if kind is None:
        raise AttachmentRefused(name=upload.name or "")
    if fault := media.judge_page(upload):
        raise AttachmentRefused(name=upload.name or "", reason=fault)
    return kind


def store_page(upload: UploadedFile, *, folder: str) -> StoredPage:
    """Write one checked page to the identified store, under a name of our own. Called outside transactions."""
    media_type, extension = check_page(upload)
    return _store(upload, f"{folder}/{uuid7()}.{extension}", media_type)


def store_pages(uploads: Sequence[UploadedFile], *, folder: str) -> list[StoredPage]:
    """All or none. Raises AttachmentRefused, TooLarge."""
    return _all_or_none(store_page, uploads, folder)


def store_images(uploads: Sequence[UploadedFile], *, folder: str) -> list[StoredPage]:
    """All or none."""
    return _all_or_none(store_image, uploads, folder)


def _all_or_none(store: Callable[..., StoredPage], uploads: Sequence[UploadedFile], folder: str) -> list[StoredPage]:
    pages: list[StoredPage] = []
    with deleted_on_failure(pages):
        for upload in uploads:
            pages.append(store(upload, folder=folder))
    return pages


@contextmanager
def deleted_on_failure(pages: Sequence[StoredPage]) -> Iterator[None]:
    """Around the transaction that makes the rows of stored pages: a page without a row is found by nobody, neither by
    a withdrawal nor by a sweep. A failure may also follow the commit, or hide whether there was one: the rows say."""
    try:
        yield
    except BaseException:
        for name in _without_row([page.name for page in pages]):
            identified_storage().delete(name)
        raise


def _without_row(names: list[str]) -> list[str]:
    """None where the database cannot be asked: a file too many can be found in the log, one that is gone cannot."""
    columns = ((RecordAttachment, "file"), (TeachingConsent, "form"), (DraftFile, "file"))
    try:
        named = {
            name
            for model, column in columns
            for name in model._base_manager.filter(**{f"{column}__in": names}).values_list(column, flat=True)
        }
    except Error:
        logger.exception("kept in the identified store, whether or not a row names them: %s", ", ".join(names))
        return []
    return [name for name in names if name not in named]


def store_image(upload: UploadedFile, *, folder: str) -> StoredPage:
    """Write an image file as it came; the archive reads and judges it later, in a caged process."""
    return _store(upload, f"{folder}/{uuid7()}.bin", "")


def digest_of(upload: UploadedFile) -> str:
    """SHA-256 of what came, by which a page that came before is known again."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _store(upload: UploadedFile, place: str, media_type: str) -> StoredPage:
    digest = digest_of(upload)
    name = identified_storage().save(place, upload)
    return StoredPage(name, (upload.name or "")[:120], media_type, upload.size or 0, digest)
