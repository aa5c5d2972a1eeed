"""What this person has typed and not saved yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult_bridge.models import Consult, UnsavedText
from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Unsaved:
    """`is_stale`: the saved text is another one than the one this was typed over."""

    texts: dict[str, str]
    saved_at: datetime
    is_stale: bool

    @property
    def paragraphs(self) -> list[str]:
        return [text for name, text in self.texts.items() if text and name != "template"]


def unsaved_of(actor: Actor, consult: Consult, study_id: UUID | None, *, revision: int) -> Unsaved | None:
    row = UnsavedText.objects.filter(consult=consult, study_id=study_id, person_id=actor.person_id).first()
    return Unsaved(json.loads(row.body), row.saved_at, row.revision != revision) if row else None
