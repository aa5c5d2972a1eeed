"""What goes into the index and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.utils.safestring import SafeString

from core.actor import SIGNED_IN, Actor, organisation_token, person_token

PUBLIC = "public"
PAGE_SIZE = 20
COUNT_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found. Never patient data: `body` is de-identified or was never identified.

    `audience` holds tokens: "public", "signed_in", organisations ("o:<uuid>"), persons ("p:<uuid>"). `language` is
    "zh-hans", "en" or "" where it does not matter. `meta` is shown beside the hit (short values, no markup).
    """

    kind: str
    object_id: UUID | str
    title: str
    body: str
    url: str
    audience: Sequence[str]
    language: str = ""
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """`title` and `snippet` are safe HTML: everything is escaped, what matched stands in <mark>."""

    kind: str
    object_id: str
    url: str
    language: str
    title: SafeString
    snippet: SafeString
    meta: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facet:
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of hits. Counts are exact to 1,000; `is_capped` says that there are more. Pages start at 1."""

    query: str
    kind: str
    number: int
    hits: tuple[Hit, ...]
    total: int
    is_capped: bool
    facets: tuple[Facet, ...]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number * PAGE_SIZE < self.total


@dataclass(frozen=True, slots=True)
class Found:
    """What a backend gives back: row ids in order of rank, and counts by kind over all kinds.

    `total` counts the asked kind only. No count goes beyond `COUNT_LIMIT + 1`.
    """

    row_ids: tuple[int, ...]
    total: int
    by_kind: dict[str, int]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing the person asked for; a hit has all of them.

    `words` stand side by side. With `is_prefix` the last one may go on: Latin words from three letters on, and a single
    Chinese character, which is the beginning of a bigram.
    """

    words: tuple[str, ...]
    is_prefix: bool


class Backend(Protocol):
    """Finds rows of `SearchEntry`. The rows themselves are the truth; a backend may lag behind them."""

    def put(self, row_ids: Sequence[int]) -> None:
        """Make these rows findable, in the state they are in now."""
        ...

    def drop(self, row_ids: Sequence[int]) -> None:
        """Forget these rows, whether or not they were known."""
        ...

    def clear(self) -> None:
        """Forget everything and lay the index anew."""
        ...

    def find(self, *, tokens: Sequence[str], terms: Sequence[Term], kind: str, start: int, size: int) -> Found:
        """Rows that hold all terms and whose audience meets `tokens`. Raises SearchUnavailable."""
        ...


def tokens_of(actor: Actor) -> tuple[str, ...]:
    """Everything in an audience that `actor` meets, by any of its roles."""
    if actor.person_id is None:
        return (PUBLIC,)
    organisations = sorted({organisation_token(grant.organisation_id) for grant in actor.grants})
    return (PUBLIC, SIGNED_IN, *organisations, person_token(actor.person_id))
