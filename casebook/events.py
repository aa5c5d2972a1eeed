"""What the casebook tells the house."""

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Event


@dataclass(frozen=True)
class CaseVersionPublished(Event):
    version_id: UUID


@dataclass(frozen=True)
class CaseVersionWithdrawn(Event):
    version_id: UUID
