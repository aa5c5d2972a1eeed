"""Opinions of a consult and what changed between their saves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from consult_bridge import policies
from consult_bridge.errors import ConsultNotFound
from consult_bridge.models import Consult, Opinion, OpinionDocument, Report
from consult_bridge.models.written import WrittenDocument
from consult_bridge.selectors.versions import Versions
from consult_bridge.trail import note_reading
from core.actor import Actor

_PEOPLE = ("written_by", "checked_by", "signed_by")


def opinion_versions(actor: Actor, consult: Consult) -> Versions[Opinion]:
    """An amendment that is not signed yet only for who writes; until there is a signature everybody may know that the
    first one is being written."""
    rows = Opinion.unscoped.filter(consult=consult).order_by("-version")
    rows = rows.select_related(
        *_PEOPLE, "consult__receiving_organisation", "document", "amends", "amendment__signed_by"
    )
    found = list(rows)
    is_first = not any(opinion.is_signed for opinion in found)
    return Versions.of(found, sees_drafts=is_first or policies.sees_drafts(actor, consult))


def has_signed(actor: Actor, consult_id: UUID, study_id: UUID | None = None) -> bool:
    """Whether this person signed the consult's opinion, or its report on a study; neither need be in their sight any
    more."""
    signed = {"consult": consult_id, "signed_by": actor.person_id}
    if study_id is None:
        return Opinion.unscoped.filter(**signed).exists()
    return Report.unscoped.filter(**signed, study_id=study_id).exists()


def checker_changes(opinion: WrittenDocument) -> list[tuple[str, str, str]]:
    """What another than its writers changed: (field label, the writer's text, the present text)."""
    by_writers = Q(saved_by_id=opinion.written_by_id) | Q(saved_by__in=opinion.former_writers.values("pk"))
    written = opinion.revisions.filter(by_writers).last()
    if written is None or written.number == opinion.revision:
        return []
    pairs = ((name, getattr(written, name), getattr(opinion, name)) for name in opinion.TEXTS)
    return [(_label(opinion, name), before, after) for name, before, after in pairs if before != after]


def _label(document: WrittenDocument, name: str) -> str:
    field: Any = document._meta.get_field(name)
    return str(field.verbose_name)


def get_document(actor: Actor, consult_id: UUID, *, now: datetime, opinion_id: UUID | None = None) -> OpinionDocument:
    """The PDF of the opinion in force, or of one signed version; audited. Raises ConsultNotFound when there is none,
    or none yet."""
    signed = Opinion.objects.visible_to(actor).filter(consult_id=consult_id, signed_at__isnull=False)
    rows = signed.filter(pk=opinion_id) if opinion_id else signed
    opinion = rows.select_related("document", "consult__requesting_organisation").order_by("-version").first()
    if opinion is None or not hasattr(opinion, "document"):
        raise ConsultNotFound
    note_reading(actor=actor, consult=opinion.consult, now=now, part="opinion", part_id=opinion.pk)
    return opinion.document
