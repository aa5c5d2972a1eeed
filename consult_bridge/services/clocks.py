"""The clocks: what is past its time is marked and told once; what waits too long for information expires."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from consult_bridge.models import Consult
from consult_bridge.notices import tell
from consult_bridge.selectors.experts import coordinators_for
from consult_bridge.services import sharing
from consult_bridge.services.batches import FIRST, batch_after
from consult_bridge.services.moving import lock_consult, move, record
from consult_bridge.states import OPEN
from consult_bridge.vocabulary import INFORMATION_DAYS
from core.actor import SYSTEM

RUNNING = OPEN - {"signed", "awaiting_information"}


def overdue_ids(now: datetime, after: UUID = FIRST) -> list[UUID]:
    rows = Consult.unscoped.filter(state__in=RUNNING, due_at__lte=now, overdue_at__isnull=True)
    return batch_after(rows, after)


def expired_ids(now: datetime, after: UUID = FIRST) -> list[UUID]:
    limit = now - timedelta(days=INFORMATION_DAYS)
    rows = Consult.unscoped.filter(state="awaiting_information", paused_at__lte=limit)
    return batch_after(rows, after)


def mark_overdue(*, consult_id: UUID, now: datetime) -> None:
    """Mark once and escalate to the coordinators of the receiving hospital. Safe to repeat."""
    with transaction.atomic():
        consult = lock_consult(SYSTEM, consult_id)
        if consult.overdue_at or consult.state not in RUNNING or consult.due_at is None or consult.due_at > now:
            return
        consult.overdue_at = now
        consult.save(update_fields=["overdue_at"])
        record(consult, "consult.overdue", actor=SYSTEM, now=now)
        people = {*coordinators_for(consult.receiving_organisation_id, now=now), consult.expert_id}
        tell([p for p in people if p], "consult.overdue", consult, now=now, key=f"overdue:{consult.pk}")


def expire(*, consult_id: UUID, now: datetime) -> None:
    """End a consult that waited too long for information. Safe to repeat."""
    with transaction.atomic():
        consult = lock_consult(SYSTEM, consult_id)
        if consult.state != "awaiting_information":
            return
        sharing.unshare_all(consult, now=now)
        move(consult, "expire", actor=SYSTEM, now=now)
        tell([consult.requester_id], "consult.expired", consult, now=now)
