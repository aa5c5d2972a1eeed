"""Chain what was committed since the last time.

A chain belongs to a county or a level above it (the first three steps of an organisation's path; what lies deeper
joins its county) and to the day of sealing, so that a day that is over is closed for good whenever its entries say they
happened. Its first link names the head of the chain's day before. Links are made every second, never by whoever
records: no organisation waits for another.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import crypto
from core.audit import canonical, heads
from core.audit.models import AuditEntry, AuditSeal
from core.audit.reading import batch_as_it_stands
from core.audit.recording import PURPOSE
from core.ids import uuid7

CHAIN_STEPS = 3
BATCH = 2000
FOLLOWED = ("day", "sequence", "head")  # columns of a link that its successor is made from
NO_PLACE = (DataError, IntegrityError, OverflowError)  # beyond the largest number, or taken
log = logging.getLogger(__name__)
_said: set[str] = set()
LOCK = 0x5EA1  # one sealer at a time, on PostgreSQL; SQLite has one writer anyway


def chain_of(organisation_path: str) -> str:
    """ "0001/0002/0003/0004/" -> "0001/0002/0003/"; empty for the installation itself."""
    steps = [step for step in organisation_path.split("/") if step][:CHAIN_STEPS]
    return "".join(f"{step}/" for step in steps)


def seal_pending(*, now: datetime) -> int:
    """Seal everything that is committed and not sealed, then export the new heads; returns how many entries.

    Idle it costs two look-ups in empty indexes. A row that cannot be read keeps no other waiting: an entry is passed
    over, a last link stops its own chain; `verify_audit` names either. Raises OSError when the file of heads cannot be
    written: what was sealed stays sealed, its heads follow the next time.
    """
    sealed = passed_over = 0
    while _waiting()[passed_over:].exists():
        batch = _seal_batch(now, passed_over)
        if batch is None:
            break  # another sealer is at work
        sealed += batch.sealed
        passed_over += batch.passed_over
    _export(now)
    return sealed


class _Batch(NamedTuple):
    sealed: int
    passed_over: int


def _waiting() -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(sealed_in__isnull=True).order_by("id")


def _seal_batch(now: datetime, start: int) -> _Batch | None:
    """The next entries that wait, behind `start` that were passed over; None while another sealer is at work."""
    with transaction.atomic():
        if not _is_alone():
            return None
        rows = batch_as_it_stands(_waiting()[start : start + BATCH], "organisation_path", "mac")
        chains: dict[str, list[AuditEntry]] = defaultdict(list)
        for row in rows:
            if row.broken:
                _say_once("entries that cannot be read")
            else:
                chains[chain_of(row.item.organisation_path)].append(row.item)
        sealed = sum(_seal_chain(chain, entries, now) for chain, entries in sorted(chains.items()))
    return _Batch(sealed, len(rows) - sealed)


def _seal_chain(chain: str, entries: list[AuditEntry], now: datetime) -> int:
    """How many entries were sealed: all, or none while nothing can follow what stands in the last link."""
    links = AuditSeal.objects.filter(chain=chain).order_by("-day", "-sequence")
    last = next(iter(batch_as_it_stands(links[:1], *FOLLOWED)), None)
    if last is not None and not last.broken.isdisjoint(FOLLOWED):
        return _stopped(chain)
    try:
        with transaction.atomic():
            seal = _link(chain, entries, last.item if last is not None else None, now)
            AuditEntry.objects.filter(pk__in=[entry.pk for entry in entries]).mark(sealed_in=seal.pk)
    except NO_PLACE:
        return _stopped(chain)
    return len(entries)


def _stopped(chain: str) -> int:
    _say_once(f"the chain {chain or '/'}, whose last link nothing can follow")
    return 0


def _say_once(what: str) -> None:
    """In each process, whatever the number of rounds."""
    if what not in _said:
        _said.add(what)
        log.error("the seal passes over %s: verify_audit says which rows", what)


def _link(chain: str, entries: list[AuditEntry], last: AuditSeal | None, now: datetime) -> AuditSeal:
    day = timezone.localdate(now)
    if last is not None:
        day = max(day, last.day)  # a clock set back must not fork the chain
    seal = AuditSeal(
        id=uuid7(),
        chain=chain,
        day=day,
        sequence=last.sequence + 1 if last is not None and last.day == day else 1,
        previous_head=last.head if last is not None else "",
        members=[[str(entry.pk), entry.mac] for entry in entries],
        sealed_at=now,
    )
    seal.head = crypto.digest(canonical.seal_bytes(seal))
    seal.signature = str(crypto.sign(seal.head.encode(), purpose=PURPOSE))
    seal.save(force_insert=True)
    return seal


def _export(now: datetime) -> None:
    """Outside any transaction: a slow disk must not hold the database. What cannot be read is passed over here too."""
    waiting = AuditSeal.objects.filter(exported_at__isnull=True).order_by("id")
    passed_over = 0
    while rows := batch_as_it_stands(waiting[passed_over : passed_over + BATCH]):
        seals = [row.item for row in rows if not row.broken and isinstance(row.item.members, list)]
        passed_over += len(rows) - len(seals)
        if seals:
            heads.append(seals)
            AuditSeal.objects.filter(pk__in=[seal.pk for seal in seals]).mark(exported_at=now)


def _is_alone() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
