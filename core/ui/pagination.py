"""Pages of a list. Counts are exact to 1,000, then "1000+": an exact count of millions costs most of a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from core.numbers import whole_number

COUNT_LIMIT = 1000
LAST_PAGE = 100_000  # a database walks over every row that is left out
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page. `count` is at most COUNT_LIMIT; `is_exact` says whether that is all there is."""

    items: Sequence[T]
    number: int
    per_page: int
    count: int
    is_exact: bool
    has_next: bool

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_next or self.has_previous

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.per_page + 1 if self.items else 0

    @property
    def last_row(self) -> int:
        return (self.number - 1) * self.per_page + len(self.items)

    @property
    def count_label(self) -> str:
        return f"{self.count:,}" if self.is_exact else f"{COUNT_LIMIT}+"

    @property
    def last_page(self) -> int:
        """The last page that the count knows of."""
        return max(1, -(-self.count // self.per_page))

    def numbers(self) -> list[int | None]:
        """Page numbers to offer: first, the neighbours, last; None stands for a gap."""
        wanted = {1, self.number - 1, self.number, self.number + 1, self.last_page}
        shown = sorted(n for n in wanted if 1 <= n <= max(self.last_page, self.number + self.has_next))
        result: list[int | None] = []
        for number in shown:
            if result and result[-1] is not None and number > result[-1] + 1:
                result.append(None)
            result.append(number)
        return result


def page_number(raw: str | int | None) -> int:
    """A page number from outside, at most LAST_PAGE; anything unreadable is page 1."""
    number = whole_number(raw)
    return min(max(1, number), LAST_PAGE) if number is not None else 1


def paginate(
    rows: QuerySet[Any] | Sequence[Any],
    *,
    page: str | int | None = 1,
    per_page: int = 25,
    count: int | None = None,
    read: Callable[[Any], Iterable[Any]] = list,
) -> Page[Any]:
    """Two queries for a queryset: one page plus one row, and a count that stops at the limit; one where the exact
    `count` is known. `read` takes the page's own rows out of the database.
    """
    number = page_number(page)
    start = (number - 1) * per_page
    taken = list(read(rows[start : start + per_page + 1]))
    counted, limit = (count, count) if count is not None else _counted(rows)
    return Page(
        items=taken[:per_page],
        number=number,
        per_page=per_page,
        count=min(counted, limit),
        is_exact=counted <= limit,
        has_next=len(taken) > per_page,
    )


def _counted(rows: QuerySet[Any] | Sequence[Any]) -> tuple[int, int]:
    """How many there are, and up to how many that is exact."""
    if isinstance(rows, QuerySet):
        return rows.order_by()[: COUNT_LIMIT + 1].count(), COUNT_LIMIT
    return len(rows), len(rows)
