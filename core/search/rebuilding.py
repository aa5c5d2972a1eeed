"""The whole index anew from its owners' tables: `manage.py rebuild search`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from core.search.backends import backend
from core.search.contracts import Entry
from core.search.models import SearchEntry
from core.search.service import write_row

BATCH = 200

_rebuilders: dict[str, Callable[[], Iterable[Entry]]] = {}


def register_rebuilder(kind: str, entries: Callable[[], Iterable[Entry]]) -> None:
    """`entries()` yields everything of `kind` that should be findable now. Raises ValueError for a second one."""
    if _rebuilders.get(kind, entries) is not entries:
        raise ValueError(f"search kind {kind} has a rebuilder already")
    _rebuilders[kind] = entries


def rebuild(*, now: datetime) -> dict[str, int]:
    """Write every entry again and forget those that no owner names; returns entries by kind.

    Batches are transactions of their own, so that other writers wait briefly. Kinds without a rebuilder are forgotten.
    """
    backend().clear()
    counts = {}
    for kind, entries in sorted(_rebuilders.items()):
        kept: set[int] = set()
        batch: list[Entry] = []
        for entry in entries():
            batch.append(entry)
            if len(batch) == BATCH:
                kept |= _write(batch, now)
                batch = []
        kept |= _write(batch, now)
        _forget(set(SearchEntry.objects.filter(kind=kind).values_list("pk", flat=True)) - kept)
        counts[kind] = len(kept)
    _forget(set(SearchEntry.objects.exclude(kind__in=_rebuilders).values_list("pk", flat=True)))
    return counts


def _write(batch: list[Entry], now: datetime) -> set[int]:
    with transaction.atomic():
        row_ids = [write_row(entry, now) for entry in batch]
    if row_ids:
        backend().put(row_ids)
    return set(row_ids)


def _forget(row_ids: set[int]) -> None:
    numbers = sorted(row_ids)
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        with transaction.atomic():
            SearchEntry.objects.filter(pk__in=part).delete()
        backend().drop(part)
