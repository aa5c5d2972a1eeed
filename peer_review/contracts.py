"""What other packages see of a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReviewBlock:
    """One block of a manifest as the subject's owner renders it for a reviewer.

    `anchor` is the block's key, `section` the heading it stands under, `change` a short note ("+48, −5", "" when
    nothing is known), `html` safe HTML. `before` and `after` are texts for the diff, "" where nothing changed.
    """

    anchor: str
    section: str
    title: str
    html: str
    change: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class CommentFacts:
    """`author` is "reviewer" or "author"; who it was stays hidden. `label` is A, B... for a reviewer."""

    id: UUID
    author: str
    label: str
    anchor: str
    text: str
    written_at: datetime
    is_resolved: bool
    replies: tuple[CommentFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A submitted report, blind: scores by rubric key, reasons, verdict."""

    label: str
    verdict: str
    weighted_score: Decimal | None
    scores: dict[str, int]
    reasons: dict[str, str]
    summary: str
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """`outcome` is empty until the round is decided. `reports` holds submitted ones only, and only once decided.

    `author_ids` are those who hold a part in what was handed in, as it was then.
    """

    id: UUID
    subject_kind: str
    subject_id: UUID
    number: int
    title: str
    manifest: dict[str, Any]
    manifest_hash: str
    state: str
    outcome: str
    opened_at: datetime
    due_at: datetime
    decided_at: datetime | None
    needed: int
    submitted: int
    missing: int
    mean_score: Decimal | None
    author_ids: frozenset[UUID]
    reports: tuple[ReportFacts, ...]


@dataclass(frozen=True, slots=True)
class RoundStanding:
    """What reviewers have done in a round: `submitted` reports are in, `begun` people have written and not handed in.

    `mark` is sent back by the form of whoever decides on what they saw.
    """

    round_id: UUID
    state: str
    submitted: int
    begun: int

    @property
    def mark(self) -> str:
        return f"{self.round_id}.{self.state}.{self.submitted}.{self.begun}"


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """How far a round is: `submitted` of `needed` reports; `outcome` is "" until it is decided.

    `missing`: places that nobody works on, because whoever was asked left and nobody else was free. `author_ids`: who
    must not name somebody for them.
    """

    needed: int
    submitted: int
    due_at: datetime
    outcome: str
    missing: int = 0
    author_ids: frozenset[UUID] = frozenset()

    @property
    def asked(self) -> int:
        """How many people work on it or have handed in."""
        return self.needed - self.missing


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could review; `conflicts` are sentences, empty when nothing stands against it.

    `specialty` is the key of their department's, "" for none; `open_reviews` is how many reports they owe now.
    """

    person_id: UUID
    name: str
    organisation_name: str
    title: str
    open_reviews: int
    conflicts: tuple[str, ...]
    department_name: str = ""
    places: str = ""  # hospital and department in every language, to be searched
    specialty: str = ""


@dataclass(frozen=True, slots=True)
class StepBack:
    """A reviewer who declared a conflict of interest, by their letter; `reason` is "" once it was emptied."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Staffing:
    """A round as its desk sees it while a place is empty. `offered` were not asked before, with their conflicts."""

    kind: str
    title: str
    number: int
    needed: int
    submitted: int
    missing: int
    offered: list[Candidate]
    stepped_back: list[StepBack]
