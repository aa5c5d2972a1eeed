"""Opinions of a consult and what changed between their saves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from consult_bridge.errors import ConsultNotFound
from consult_bridge.models import Consult, Opinion, OpinionDocument, Report
from consult_bridge.models.written import WrittenDocument
from consult_bridge.trail import note_reading
from core.actor import Actor

_PEOPLE = ("written_by", "checked_by", "signed_by")


def current_opinion(consult: Consult) -> Opinion | None:
    """The opinion in force or in the making; an amendment replaces what it amends."""
    return opinions_of(consult).last()


def opinions_of(consult: Consult) -> QuerySet[Opinion]:
    """All opinions of the consult, oldest first."""
    rows = Opinion.unscoped.filter(consult=consult)
    return rows.select_related(*_PEOPLE, "consult__receiving_organisation", "document").order_by("created_at", "id")


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


def get_document(actor: Actor, consult_id: UUID, *, now: datetime) -> OpinionDocument:
    """The PDF of the latest signed opinion; audited. Raises ConsultNotFound when there is none, or none yet."""
    visible = Opinion.objects.visible_to(actor).filter(consult_id=consult_id, document__isnull=False)
    opinion = visible.select_related("document", "consult__requesting_organisation").order_by("-signed_at").first()
    if opinion is None:
        raise ConsultNotFound
    note_reading(actor=actor, consult=opinion.consult, now=now, part="opinion", part_id=opinion.pk)
    return opinion.document
