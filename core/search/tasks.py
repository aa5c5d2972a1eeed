"""Bringing an index outside the database after the rows."""

from __future__ import annotations

from typing import Any

from core.jobs import job
from core.search.backends import backend, is_remote
from core.search.models import SearchEntry


@job("core.search.follow", max_attempts=20)
def follow(context: Any, *, row_ids: list[int]) -> dict[str, Any]:
    """Put what exists, drop what does not; the rows are read now, so a late or repeated run does no harm.

    Raises SearchUnavailable. Does nothing where the index lies in the database: it followed in the transaction.
    """
    if not is_remote():
        return {}
    kept = list(SearchEntry.objects.filter(pk__in=row_ids).values_list("pk", flat=True))
    gone = sorted(set(row_ids) - set(kept))
    if kept:
        backend().put(kept)
    if gone:
        backend().drop(gone)
    return {"put": len(kept), "dropped": len(gone)}
