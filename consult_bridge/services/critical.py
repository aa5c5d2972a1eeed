"""The critical value (危急值): told at once, acknowledged with a read-back, escalated when its time is over.

After ACR, Practice Parameter for Communication of Diagnostic Imaging Findings: a finding that needs immediate action is
communicated directly, its receipt is confirmed, and both are documented.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from consult_bridge import policies
from consult_bridge.errors import ConsultNotFound, CriticalValueWaits, ReadBackMissing
from consult_bridge.events import CriticalValueAcknowledged, CriticalValueRaised
from consult_bridge.models import Consult, CriticalValue, Report
from consult_bridge.notices import tell, tell_requesting_side
from consult_bridge.selectors.experts import coordinators_for
from consult_bridge.services.batches import FIRST, batch_after
from consult_bridge.services.moving import add_step, lock_consult, record, require
from consult_bridge.states import CRITICAL_VALUE
from consult_bridge.vocabulary import CRITICAL_MINUTES
from core import outbox
from core.actor import SYSTEM, Actor


def settle(consult: Consult, report: Report, *, actor: Actor, now: datetime) -> None:
    """Bring what was told in line with the report's text: raise a new one, withdraw what no longer stands.

    At submission an empty text takes nothing back: only the second doctor's signature does.
    """
    standing = CriticalValue.unscoped.filter(consult=consult, study_id=report.study_id).exclude(state="withdrawn")
    told = standing.first()
    if told is not None and told.text == report.critical_value:
        return
    if told is not None and (report.critical_value or report.is_signed):
        _withdraw(consult, told, actor=actor, now=now)
    elif told is not None:
        return
    if report.critical_value:
        _raise(consult, report, actor=actor, now=now)


def _raise(consult: Consult, report: Report, *, actor: Actor, now: datetime) -> None:
    critical = CriticalValue.unscoped.create(
        consult=consult,
        report=report,
        study_id=report.study_id,
        text=report.critical_value,
        raised_by_id=actor.person_id,
        raised_at=now,
        due_at=now + timedelta(minutes=CRITICAL_MINUTES),
    )
    add_step(consult, "critical_raised", actor=actor, now=now)
    record(consult, "critical.raised", actor=actor, now=now, details={"critical_value": str(critical.pk)})
    outbox.publish(CriticalValueRaised(consult.pk, critical.pk), now=now)
    tell_requesting_side([consult.requester_id], "critical.raised", consult, now=now, key=f"critical:{critical.pk}")


def _withdraw(consult: Consult, critical: CriticalValue, *, actor: Actor, now: datetime) -> None:
    critical.state = CRITICAL_VALUE.check(critical.state, "withdraw")
    critical.withdrawn_by_id, critical.withdrawn_at = actor.person_id, now
    critical.save()
    add_step(consult, "critical_withdrawn", actor=actor, now=now)
    record(consult, "critical.withdrawn", actor=actor, now=now, details={"critical_value": str(critical.pk)})
    people = {consult.requester_id, critical.acknowledged_by_id}
    tell(people, "critical.withdrawn", consult, now=now, key=f"critical-withdrawn:{critical.pk}")


def acknowledge(*, actor: Actor, consult_id: UUID, critical_id: UUID, read_back: str, now: datetime) -> CriticalValue:
    """The requesting side confirms that it has the critical value, and reads back what it understood.

    A second click finds it acknowledged and changes nothing. Raises ReadBackMissing, ConsultNotFound, Forbidden,
    WrongState where it was withdrawn meanwhile.
    """
    words = read_back.strip()
    if not words:
        raise ReadBackMissing(fields={"read_back": [ReadBackMissing.message]})
    with transaction.atomic():
        consult = lock_consult(actor, consult_id)
        critical = _locked(consult, critical_id)
        require(policies.acts_for_requester(actor, consult, "consult.request"))
        if critical.state == "acknowledged":
            return critical
        critical.state = CRITICAL_VALUE.check(critical.state, "acknowledge")
        critical.acknowledged_by_id, critical.acknowledged_at, critical.read_back = actor.person_id, now, words
        critical.save()
        add_step(consult, "critical_acknowledged", actor=actor, now=now, note=words)
        details = {"critical_value": str(critical.pk), "in_time": now <= critical.due_at}
        record(consult, "critical.acknowledged", actor=actor, now=now, details=details)
        outbox.publish(CriticalValueAcknowledged(consult.pk, critical.pk), now=now)
        people = {critical.raised_by_id, critical.report.written_by_id, consult.expert_id}
        tell(people, "critical.acknowledged", consult, now=now, key=f"critical-acknowledged:{critical.pk}")
        return critical


def _locked(consult: Consult, critical_id: UUID) -> CriticalValue:
    rows = CriticalValue.unscoped.select_for_update(of=("self",)).select_related("report")
    critical = rows.filter(consult=consult, pk=critical_id).first()
    if critical is None:
        raise ConsultNotFound
    return critical


def overdue_ids(now: datetime, after: UUID = FIRST) -> list[UUID]:
    rows = CriticalValue.unscoped.filter(state="awaiting", due_at__lte=now, escalated_at__isnull=True)
    return batch_after(rows, after)


def escalate(*, critical_id: UUID, now: datetime) -> None:
    """Once: the coordinators of the receiving hospital, who telephone, and all who know of it. Safe to repeat."""
    with transaction.atomic():
        known = CriticalValue.unscoped.filter(pk=critical_id).first()
        if known is None:
            raise ConsultNotFound
        consult = lock_consult(SYSTEM, known.consult_id)
        critical = _locked(consult, critical_id)
        if critical.state != "awaiting" or critical.escalated_at or critical.due_at > now:
            return
        critical.escalated_at = now
        critical.save()
        add_step(consult, "critical_overdue", actor=SYSTEM, now=now)
        record(consult, "critical.overdue", actor=SYSTEM, now=now, details={"critical_value": str(critical.pk)})
        coordinators = coordinators_for(consult.receiving_organisation_id, now=now)
        people = {*coordinators, consult.requester_id, critical.raised_by_id}
        tell(people, "critical.overdue", consult, now=now, key=f"critical-overdue:{critical.pk}")


def require_all_acknowledged(consult: Consult) -> None:
    """Raises CriticalValueWaits."""
    if CriticalValue.unscoped.filter(consult=consult, state="awaiting").exists():
        raise CriticalValueWaits
