"""Images and pages of a consult; studies that arrived and wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from consult_bridge.errors import ConsultNotFound
from consult_bridge.identity import names_of
from consult_bridge.models import Consult, ConsultStudy, RecordAttachment
from consult_bridge.trail import note_reading
from core.actor import Actor
from media_pipeline import api as media
from media_pipeline.contracts import Cover, StudyFacts


@dataclass(frozen=True, slots=True)
class StudyShown:
    study_id: UUID
    facts: StudyFacts
    row: ConsultStudy

    @property
    def was_disputed(self) -> bool:
        """The header does not show the consult's patient: two people said that it is the same."""
        return bool(self.row.mismatch_reason)

    @property
    def header_name(self) -> str:
        """The patient's name in the header, in each of its spellings; empty where it names nobody."""
        return " / ".join(names_of(self.facts))

    @property
    def modalities(self) -> list[str]:
        return self.facts.modality.split("\\")


def attachments_of(consult: Consult) -> QuerySet[RecordAttachment]:
    return RecordAttachment.unscoped.filter(consult=consult)


def get_attachment(actor: Actor, consult_id: UUID, attachment_id: UUID, *, now: datetime) -> RecordAttachment:
    """A scanned page; audited. Raises ConsultNotFound."""
    rows = RecordAttachment.objects.visible_to(actor).select_related("consult__requesting_organisation")
    row = rows.filter(consult_id=consult_id, pk=attachment_id).first()
    if row is None:
        raise ConsultNotFound
    note_reading(actor=actor, consult=row.consult, now=now, part="attachment", part_id=row.pk)
    return row


def studies_of(actor: Actor, consult: Consult, now: datetime) -> list[StudyShown]:
    """Attached studies that the actor may view now."""
    rows = ConsultStudy.unscoped.filter(consult=consult, is_attached=True)
    return [
        StudyShown(row.study_id, media.get_study(row.study_id), row)
        for row in rows.select_related("attached_by", "confirmed_by")
        if media.may_view_study(actor, row.study_id, now)
    ]


def consult_of_study(actor: Actor, study_id: UUID) -> Consult | None:
    """The newest consult of those the actor sees to which the study belongs."""
    attached = ConsultStudy.unscoped.filter(study_id=study_id, is_attached=True).values("consult")
    return Consult.objects.visible_to(actor).filter(pk__in=attached).order_by("-id").first()


def studies_named(consult: Consult) -> list[StudyShown]:
    """Attached studies by kind, description and day, for whoever triages: what there is, not its pictures."""
    rows = ConsultStudy.unscoped.filter(consult=consult, is_attached=True)
    return [StudyShown(row.study_id, media.get_study(row.study_id), row) for row in rows]


def covers_of(actor: Actor, consults: Iterable[Consult], now: datetime) -> dict[UUID, Cover]:
    """Consult id -> the small picture of its first study that the actor may view now. Two queries for a whole list."""
    rows = ConsultStudy.unscoped.filter(consult__in=[c.pk for c in consults], is_attached=True)
    pairs = list(rows.order_by("attached_at", "id").values_list("consult", "study_id"))
    if not pairs:
        return {}
    found = media.covers(actor=actor, study_ids={study_id for _consult, study_id in pairs}, now=now)
    shown: dict[UUID, Cover] = {}
    for consult_id, study_id in pairs:
        if study_id in found:
            shown.setdefault(consult_id, found[study_id])
    return shown
