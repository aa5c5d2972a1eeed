"""Which references of a draft may stand there: what an author may choose, and what nobody of the course could have.

A unit keeps bare ids of questions, cases and videos. Their owners say who may choose which; cms asks whenever one is
put into a draft, shown on the desk, or handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from cms import selectors
from cms.errors import ReferenceRefused
from cms.models import Course, EditionReference
from core.actor import Actor
from core.content import all_blocks, block_of
from directory.api import actor_for_person

Named = set[tuple[str, str]]


def named(raw_blocks: Iterable[dict[str, Any]]) -> Named:
    """(kind, reference) of the blocks that refer to something whose owner is there."""
    kinds = {block.kind for block in all_blocks()}
    pairs = ((raw["type"], raw["value"].get("reference") or "") for raw in raw_blocks if raw["type"] in kinds)
    return {(kind, str(reference)) for kind, reference in pairs if reference}


def held(course: Course) -> Named:
    """What the drafts of the course's units and its edition in use refer to."""
    raw = (block for unit in selectors.units_of(course) for block in selectors.raw_blocks(unit))
    return named(raw) | _in_use(course)


def require_choosable(course: Course, kind: str, value: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Raises ReferenceRefused for a reference that `actor` may not choose and that the course does not hold yet."""
    wanted = named([{"type": kind, "value": value}])
    if wanted - _chosen_by(actor, wanted, now) - held(course):
        raise ReferenceRefused


def foreign(course: Course, wanted: Named, now: datetime) -> Named:
    """Those of `wanted` that nobody may have put there: the edition in use does not hold them, none of those who write
    or wrote this course may choose them or made them."""
    left = wanted - _in_use(course) if wanted else wanted
    if not left:
        return left
    writers = selectors.writers_of(course)
    for person_id in _who_may_have_chosen(course, writers, now):
        left = left - _chosen_by(actor_for_person(person_id, now), left, now)
        if not left:
            return left
    return {(kind, reference) for kind, reference in left if not block_of(kind).authors_of([reference]) & writers}


def published(kind: str, references: Collection[str]) -> set[str]:
    """Those that stand in an edition: every one was approved by peers before it came out."""
    rows = EditionReference.objects.filter(kind=kind, reference__in=references)
    return set(rows.values_list("reference", flat=True))


def _in_use(course: Course) -> Named:
    if course.current_edition_id is None:
        return set()
    return set(EditionReference.objects.filter(edition=course.current_edition_id).values_list("kind", "reference"))


def _who_may_have_chosen(course: Course, writers: set[UUID], now: datetime) -> Iterator[UUID]:
    """Its authors first: they answer for nearly everything."""
    authors = selectors.author_ids(course)
    yield from authors
    yield from sorted(writers - set(authors))
    yield from (person for person in selectors.possible_authors(course, now) if person not in writers)


def _chosen_by(actor: Actor, wanted: Named, now: datetime) -> Named:
    """Those of `wanted` that `actor` may choose; one question to each owner."""
    by_kind: dict[str, set[str]] = {}
    for kind, reference in wanted:
        by_kind.setdefault(kind, set()).add(reference)
    return {
        (kind, reference)
        for kind, references in by_kind.items()
        for reference in block_of(kind).choosable(references, actor=actor, now=now)
    }
