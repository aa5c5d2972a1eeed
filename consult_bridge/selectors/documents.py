"""Which signed documents have no PDF: because it is being made, or because the work on it gave up."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from consult_bridge.models import Report
from consult_bridge.models.written import WrittenDocument
from core.jobs import dead_keys, live_keys


def pdf_key(document: WrittenDocument) -> str:
    """The key of the one job that makes this document's PDF."""
    kind = "report" if isinstance(document, Report) else "opinion"
    return f"{kind}-document:{document.pk}"


def documents_given_up(documents: Iterable[WrittenDocument]) -> set[UUID]:
    """Of these, the signed ones whose PDF could not be made. One query, none where every PDF is there."""
    keys = _without_pdf(documents)
    return {keys[key] for key in dead_keys(keys)} if keys else set()


def documents_being_made(documents: Iterable[WrittenDocument]) -> set[UUID]:
    """Of these, the signed ones whose PDF a job makes or will make. One query, none where every PDF is there."""
    keys = _without_pdf(documents)
    return {keys[key] for key in live_keys(keys)} if keys else set()


def _without_pdf(documents: Iterable[WrittenDocument]) -> dict[str, UUID]:
    return {pdf_key(row): row.pk for row in documents if row.is_signed and not hasattr(row, "document")}
