"""What other packages see of questions and scores."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class QuestionVersionFacts:
    """One immutable version. `content` is the validated JSON of its kind, with the key and the explanation."""

    id: UUID
    question_id: UUID
    number: int
    kind: str
    language: str
    content: dict[str, Any]

    @property
    def points(self) -> int:
        """What a perfect response is worth."""
        return int(self.content["points"])

    @property
    def stem(self) -> str:
        return str(self.content["stem"])


@dataclass(frozen=True, slots=True)
class Score:
    """`points` lies between 0 and `max_points`, rounded to hundredths. `feedback` is the version's explanation."""

    points: Decimal
    max_points: Decimal
    is_correct: bool
    is_answered: bool
    feedback: str
