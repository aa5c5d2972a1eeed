"""Put things into the index, take them out, find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core.jobs import enqueue
from core.search import text
from core.search.backends import backend, is_remote
from core.search.contracts import COUNT_LIMIT, PAGE_SIZE, Entry, Facet, Hit, Page
from core.search.models import SearchAudience, SearchEntry

LAST_PAGE = COUNT_LIMIT // PAGE_SIZE


def index_entry(
    *,
    kind: str,
    object_id: UUID | str,
    title: str,
    body: str,
    url: str,
    language: str,
    audience: Sequence[str],
    now: datetime,
    meta: dict[str, Any] | None = None,
) -> None:
    """`index` with the entry's values as arguments."""
    index(Entry(kind, object_id, title, body, url, audience, language, meta or {}), now=now)


def index(entry: Entry, *, now: datetime) -> None:
    """Make a thing findable for its audience, or replace what was known of it, in the current transaction.

    Give every value again on a change: the entry is replaced whole. Never patient data.
    """
    with transaction.atomic():
        row_id = write_row(entry, now)
        _follow([row_id], now)


def write_row(entry: Entry, now: datetime) -> int:
    """Write the entry and its audience, without the full text; returns the row's number."""
    values = {
        "title": entry.title[:300],
        "body": entry.body,
        "url": entry.url,
        "language": entry.language,
        "meta": entry.meta,
        "indexed_at": now,
    }
    row, is_new = SearchEntry.objects.update_or_create(kind=entry.kind, object_id=str(entry.object_id), defaults=values)
    wanted = set(entry.audience)
    held = set() if is_new else set(row.audience.values_list("token", flat=True))
    if gone := held - wanted:
        row.audience.filter(token__in=gone).delete()
    SearchAudience.objects.bulk_create(SearchAudience(entry=row, token=token) for token in sorted(wanted - held))
    return int(row.pk)


def remove_entry(kind: str, object_id: UUID | str, *, now: datetime) -> bool:
    """Take a thing out, in the current transaction: from its commit nobody finds it. True when it was there.

    The rows are the truth that every answer is checked against; a search server outside forgets it by a job.
    """
    return remove_entries(kind, [object_id], now=now) > 0


def remove_entries(kind: str, object_ids: Iterable[UUID | str], *, now: datetime) -> int:
    """Take several things of one kind out; returns how many were there."""
    with transaction.atomic():
        rows = SearchEntry.objects.filter(kind=kind, object_id__in=[str(each) for each in object_ids])
        row_ids = list(rows.values_list("pk", flat=True))
        if row_ids:
            if not is_remote():
                backend().drop(row_ids)
            SearchEntry.objects.filter(pk__in=row_ids).delete()
            if is_remote():
                _follow(row_ids, now)
    return len(row_ids)


def _follow(row_ids: list[int], now: datetime) -> None:
    """Bring the full text after the rows: at once in the database, by a job where the index lies outside."""
    if not is_remote():
        backend().put(row_ids)
        return
    from core.search.tasks import follow

    enqueue(follow, now=now, arguments={"row_ids": row_ids})


def search(*, tokens: Sequence[str], query: str, kind: str | None = None, page: int = 1) -> Page:
    """What somebody who holds `tokens` (see `tokens_of`) may find, best first. Raises SearchUnavailable.

    An entry holds every word of the query; Latin words match from their beginning. Pages beyond the thousandth hit are
    empty.
    """
    number = min(max(page, 1), LAST_PAGE + 1)
    terms = text.parse(query)
    if not terms or not tokens:
        return Page(query, kind or "", 1, (), 0, False, ())
    found = backend().find(tokens=tokens, terms=terms, kind=kind or "", start=(number - 1) * PAGE_SIZE, size=PAGE_SIZE)
    facets = tuple(Facet(name, min(count, COUNT_LIMIT)) for name, count in sorted(found.by_kind.items()))
    is_capped = found.total > COUNT_LIMIT
    hits = _hits(found.row_ids, tokens, query)
    return Page(query, kind or "", number, hits, min(found.total, COUNT_LIMIT), is_capped, facets)


def _hits(row_ids: Sequence[int], tokens: Sequence[str], query: str) -> tuple[Hit, ...]:
    """Only rows that still exist and still admit the reader, whatever the backend believed."""
    allowed = SearchAudience.objects.filter(entry__in=row_ids, token__in=tokens).values("entry")
    rows = SearchEntry.objects.filter(pk__in=allowed).in_bulk()
    return tuple(_hit(rows[row_id], query) for row_id in row_ids if row_id in rows)


def _hit(row: SearchEntry, query: str) -> Hit:
    return Hit(
        kind=row.kind,
        object_id=row.object_id,
        url=row.url,
        language=row.language,
        title=text.highlight(row.title, query),
        snippet=text.snippet(row.body, query),
        meta=row.meta,
    )
