"""What other packages see of learning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CompletionFacts:
    """A course edition that somebody passed. `score` is a percentage with two decimals, 100 where nothing is scored.

    `organisation_id` is where the person worked when the course was passed, and stays after a later move; for somebody
    without a place then, where they had enrolled; None without either.
    """

    id: UUID
    enrolment_id: UUID
    person_id: UUID
    course_id: UUID
    edition_id: UUID
    organisation_id: UUID | None
    completed_at: datetime
    score: Decimal
