"""Who must not review: the rules by name, and which of them a rubric applies stands in the rubric's file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.api import shared_departments

Rule = Callable[[UUID, frozenset[UUID]], bool]


def _is_author(reviewer_id: UUID, author_ids: frozenset[UUID]) -> bool:
    return reviewer_id in author_ids


def _same_department(reviewer_id: UUID, author_ids: frozenset[UUID]) -> bool:
    return bool(shared_departments(reviewer_id, author_ids))


RULES: dict[str, tuple[Rule, str | Promise]] = {
    "author": (_is_author, _("wrote a part of it")),
    "same_department": (_same_department, _("works in the same department as an author")),
}


def conflicts_of(reviewer_id: UUID, author_ids: Iterable[UUID], rules: Iterable[str]) -> tuple[str | Promise, ...]:
    """The sentences of every rule that stands against this reviewer."""
    authors = frozenset(author_ids)
    return tuple(RULES[name][1] for name in rules if RULES[name][0](reviewer_id, authors))
