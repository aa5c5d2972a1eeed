"""The unsent requests as their writer finds them again: what was asked, about whom, and what is still missing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.datastructures import MultiValueDict

from consult_bridge.models import DraftFile
from consult_bridge.selectors.drafts import MOST_DRAFTS, drafts_of, fields_of, kept_until
from consult_bridge.web.request_form import hospital_choices
from consult_bridge.web.request_steps import judge
from core.actor import Actor


@dataclass(frozen=True, slots=True)
class DraftShown:
    """`is_ending`: its writer was told that it will be deleted."""

    draft_id: UUID
    subject: str
    patient: str
    files: int
    missing: int
    saved_at: datetime
    kept_until: datetime
    is_ending: bool


def drafts_shown(actor: Actor, now: datetime) -> list[DraftShown]:
    """The newest, each judged as its own page would."""
    drafts = list(drafts_of(actor)[:MOST_DRAFTS])
    files: dict[UUID, list[DraftFile]] = defaultdict(list)
    for file in DraftFile.objects.filter(draft_id__in=[draft.pk for draft in drafts], person_id=actor.person_id):
        files[file.draft_id].append(file)
    hospitals = hospital_choices(actor, now)
    shown = []
    for draft in drafts:
        judged = judge(draft.pk, MultiValueDict(fields_of(draft)), files[draft.pk], hospitals)
        request = judged.request
        shown.append(
            DraftShown(
                draft_id=draft.pk,
                subject=request.subject,
                patient=request.patient.name,
                files=len(files[draft.pk]),
                missing=len(judged.gaps),
                saved_at=draft.saved_at,
                kept_until=kept_until(draft),
                is_ending=draft.warned_at is not None,
            )
        )
    return shown
