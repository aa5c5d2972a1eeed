"""A reader states a purpose before a case opens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casebook.errors import CaseNotFound, PurposeMissing
from casebook.models import CaseReading, CaseVersion
from core import audit
from core.actor import Actor

PURPOSES: dict[str, str | Promise] = {
    "study": _("My own further training"),
    "teaching": _("To prepare teaching or supervision"),
    "patient": _("To compare with a patient I am treating"),
    "review": _("Review or editing"),
}


def state_purpose(*, actor: Actor, case_id: UUID, purpose: str, now: datetime) -> None:
    """Record why the actor reads this case; once a day is enough. Raises PurposeMissing, CaseNotFound."""
    if actor.person_id is None or purpose not in PURPOSES:
        raise PurposeMissing
    with transaction.atomic():
        if not CaseVersion.objects.readable_by(actor).filter(case=case_id).exists():
            raise CaseNotFound
        _row, is_new = CaseReading.objects.get_or_create(
            case_id=case_id,
            person_id=actor.person_id,
            day=timezone.localdate(now),
            defaults={"purpose": purpose},
        )
        if is_new:
            audit.record(
                action="case.opened",
                actor=actor,
                subject_type="casebook.TeachingCase",
                subject_id=case_id,
                details={"purpose": purpose},
                now=now,
            )
