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
