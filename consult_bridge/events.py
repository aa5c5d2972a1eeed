"""What happened here, for higher rooms. Ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Event


@dataclass(frozen=True)
class ConsultClosed(Event):
    consult_id: UUID


@dataclass(frozen=True)
class ConsentGiven(Event):
    consult_id: UUID


@dataclass(frozen=True)
class ConsentWithdrawn(Event):
    """One for each release that the withdrawn consent had opened."""

    consult_id: UUID
    release_id: UUID


@dataclass(frozen=True)
class ReportSigned(Event):
    """A version of an imaging report was checked and signed; version 2 and later amend the one before."""

    consult_id: UUID
    report_id: UUID


@dataclass(frozen=True)
class OpinionAmended(Event):
    """A further version of a signed opinion was signed; it amends the one before."""

    consult_id: UUID
    opinion_id: UUID


@dataclass(frozen=True)
class CriticalValueRaised(Event):
    consult_id: UUID
    critical_value_id: UUID


@dataclass(frozen=True)
class CriticalValueAcknowledged(Event):
    consult_id: UUID
    critical_value_id: UUID
