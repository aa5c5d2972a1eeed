"""What cms tells those above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Event


@dataclass(frozen=True)
class EditionPublished(Event):
    """A course edition was published and is now its course's current one."""

    edition_id: UUID
    course_id: UUID


@dataclass(frozen=True)
class EditionOverlayChanged(Event):
    """A node of the edition was voided: look at scores and denominators again."""

    edition_id: UUID
