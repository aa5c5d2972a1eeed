"""Keep what a doctor types into an opinion or a report, before it is saved. Called inside a service's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from consult_bridge.models import Consult, UnsavedText
from core.actor import Actor


def keep(
    consult: Consult, study_id: UUID | None, texts: Mapping[str, str], *, revision: int, actor: Actor, now: datetime
) -> None:
    UnsavedText.objects.update_or_create(
        consult=consult,
        study_id=study_id,
        person_id=actor.person_id,
        defaults={"body": json.dumps(dict(texts), ensure_ascii=False), "revision": revision, "saved_at": now},
    )


def forget(consult: Consult, study_id: UUID | None, *, actor: Actor) -> None:
    """The writer saved it, or does not want it."""
    UnsavedText.objects.filter(consult=consult, study_id=study_id, person_id=actor.person_id).delete()


def forget_all(consult: Consult, study_id: UUID | None) -> None:
    """The text is signed: nothing that anybody typed before belongs to it any more."""
    UnsavedText.objects.filter(consult=consult, study_id=study_id).delete()
