"""What of a consult is still written or checked, for whoever thinks of closing it: that it is, never its text."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from consult_bridge.models import Consult, Report
from consult_bridge.models.written import WrittenDocument
from consult_bridge.selectors.second_doctors import unsigned_texts
from directory import api as directory
from media_pipeline import api as media


@dataclass(frozen=True, slots=True)
class UnderWay:
    """`study` says which images a report is about; empty for a correction of the opinion."""

    id: UUID
    label: str
    study: str
    state: str
    writer: str


def texts_under_way(consult: Consult) -> list[UnderWay]:
    """Unsigned reports and corrections of a consult whose opinion is signed."""
    if consult.state not in {"signed", "closed"}:
        return []
    texts = unsigned_texts(consult)
    writers = directory.get_people([text.written_by_id for text in texts if text.written_by_id])
    return [
        UnderWay(
            id=text.pk,
            label=_label(text),
            study=_study(text),
            state=text.state,
            writer=writers[text.written_by_id].name if text.written_by_id in writers else "",
        )
        for text in texts
    ]


def _label(text: WrittenDocument) -> str:
    if isinstance(text, Report):
        return _("Correction of an imaging report") if text.is_amendment else _("Imaging report")
    return _("Correction of the opinion")


def _study(text: WrittenDocument) -> str:
    if not isinstance(text, Report):
        return ""
    try:
        facts = media.get_study(text.study_id)
    except media.StudyNotFound:
        return ""
    return f"{facts.modality_label} {facts.description}".strip()
