"""What peer_review tells those above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Event


@dataclass(frozen=True)
class RoundDecided(Event):
    """Every needed report of the round is in. `outcome` is approved, changes_requested or rejected."""

    round_id: UUID
    outcome: str


@dataclass(frozen=True)
class ReviewersChanged(Event):
    """A reviewer of an open round stepped back, and perhaps another took the place."""

    round_id: UUID
