"""What other packages see of teaching cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseVersionFacts:
    """One version as others may show it. `is_available` is False once it is withdrawn or its release is closed."""

    id: UUID
    case_id: UUID
    code: str
    number: int
    state: str
    title: str
    specialty: str
    difficulty: int
    age_band: str
    sex: str
    steps: tuple[dict[str, Any], ...]
    release_id: UUID
    content_hash: str
    is_available: bool
    published_at: datetime | None
    objectives: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    specialty_label: str = ""
    difficulty_label: str = ""
    summary: str = ""

    @property
    def has_images(self) -> bool:
        return any(step.get("figure") for step in self.steps)


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A published case in a list. `cover` is the first key image: {"study", "series", "frame"}; None without one."""

    case_id: UUID
    version_id: UUID
    code: str
    title: str
    summary: str
    specialty: str
    difficulty: int
    steps: int
    questions: int
    published_at: datetime | None
    specialty_label: str = ""
    difficulty_label: str = ""
    cover: dict[str, Any] | None = None
