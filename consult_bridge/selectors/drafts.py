"""A person's own unsent requests and what was kept for them."""

from __future__ import annotations

import json
from uuid import UUID

from django.db.models import QuerySet

from consult_bridge.models import ConsultDraft, DraftFile
from core.actor import Actor

MOST_DRAFTS = 50


def drafts_of(actor: Actor) -> QuerySet[ConsultDraft]:
    """The newest first."""
    return ConsultDraft.objects.filter(person_id=actor.person_id).order_by("-saved_at")


def draft_of(actor: Actor, draft_id: UUID) -> ConsultDraft | None:
    return drafts_of(actor).filter(pk=draft_id).first()


def fields_of(draft: ConsultDraft | None) -> dict[str, list[str]]:
    """What was typed so far: field name -> values."""
    return json.loads(draft.body) if draft else {}


def files_of(actor: Actor, draft_id: UUID) -> list[DraftFile]:
    return list(DraftFile.objects.filter(draft_id=draft_id, person_id=actor.person_id))
