"""Who must not review: the rules by name, and which of them a rubric applies stands in the rubric's file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.api import shared_departments
from peer_review.models import ReviewRound


@dataclass(frozen=True, slots=True)
class Makers:
    """Who wrote what is reviewed, and who wrote what it shows: a question, a case, a video of somebody else's.

    Contributors review nothing that shows their work; their departments may.
    """

    authors: frozenset[UUID]
    contributors: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, row: ReviewRound) -> Makers:
        return cls(ids_of(row.author_ids), ids_of(row.contributor_ids or ()))


def ids_of(texts: Iterable[str]) -> frozenset[UUID]:
    """People as a round stores them."""
    return frozenset(UUID(text) for text in texts)


Rule = Callable[[UUID, Makers], bool]


def _is_author(reviewer_id: UUID, makers: Makers) -> bool:
    return reviewer_id in makers.authors | makers.contributors


def _same_department(reviewer_id: UUID, makers: Makers) -> bool:
    return bool(shared_departments(reviewer_id, makers.authors))


RULES: dict[str, tuple[Rule, str | Promise]] = {
    "author": (_is_author, _("wrote a part of it")),
    "same_department": (_same_department, _("works in the same department as an author")),
}


def conflicts_of(reviewer_id: UUID, makers: Makers, rules: Iterable[str]) -> tuple[str | Promise, ...]:
    """The sentences of every rule that stands against this reviewer."""
    return tuple(RULES[name][1] for name in rules if RULES[name][0](reviewer_id, makers))
