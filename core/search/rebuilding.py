"""The whole index anew from its owners' tables: `manage.py rebuild search`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.search.backends import backend
from core.search.contracts import Entry
from core.search.models import SearchEntry
from core.search.service import write_row

BATCH = 200

Ids = Callable[[], Iterable[object]]
Entries = Callable[[Collection[str]], Iterable[Entry]]


@dataclass(frozen=True, slots=True)
class Rebuilder:
    ids: Ids
    entries: Entries


_rebuilders: dict[str, Rebuilder] = {}


def register_rebuilder(kind: str, ids: Ids, entries: Entries) -> None:
    """`ids()` names everything of `kind` that should be findable now. `entries(ids)` yields the entries of those of
    them that should be findable at this moment, and holds their rows locked until the transaction ends: what is
    withdrawn between the two is not written again. Raises ValueError for a second one.
    """
    given = Rebuilder(ids, entries)
    if _rebuilders.setdefault(kind, given) != given:
        raise ValueError(f"search kind {kind} has a rebuilder already")


def rebuild(*, now: datetime) -> dict[str, int]:
    """Write every entry again and forget those that no owner names; returns entries by kind.

    Batches are transactions of their own, so that other writers wait briefly. Kinds without a rebuilder are forgotten.
    """
    backend().clear()
    counts = {}
    for kind, owner in sorted(_rebuilders.items()):
        held = SearchEntry.objects.filter(kind=kind).values_list("object_id", flat=True)
        names = sorted({*map(str, owner.ids()), *held})
        counts[kind] = sum(
            _settle(kind, owner, names[start : start + BATCH], now) for start in range(0, len(names), BATCH)
        )
    orphans = sorted(SearchEntry.objects.exclude(kind__in=_rebuilders).values_list("pk", flat=True))
    for start in range(0, len(orphans), BATCH):
        part = orphans[start : start + BATCH]
        with transaction.atomic():
            SearchEntry.objects.filter(pk__in=part).delete()
        backend().drop(part)
    return counts


def _settle(kind: str, owner: Rebuilder, object_ids: list[str], now: datetime) -> int:
    """Ask the owner of these again and bring their rows into line, in one transaction; returns how many stand."""
    with transaction.atomic():
        kept = [write_row(entry, now) for entry in owner.entries(object_ids)]
        rows = SearchEntry.objects.filter(kind=kind, object_id__in=object_ids)
        gone = list(rows.exclude(pk__in=kept).values_list("pk", flat=True))
        SearchEntry.objects.filter(pk__in=gone).delete()
    if kept:
        backend().put(kept)
    if gone:
        backend().drop(gone)
    return len(kept)
