"""What lms tells those above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Event


@dataclass(frozen=True)
class CompletionRecorded(Event):
    """Somebody passed a course edition."""

    completion_id: UUID
