"""Chain what was committed since the last time.

A chain belongs to a county or a level above it (the first three steps of an organisation's path; what lies deeper
joins its county) and to the day of sealing, so that a day that is over is closed for good whenever its entries say they
happened. Its first link names the head of the chain's day before. Links are made every second, never by whoever
records: no organisation waits for another.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from core import crypto
from core.audit import canonical, heads
from core.audit.models import AuditEntry, AuditSeal
from core.audit.recording import PURPOSE
from core.ids import uuid7

CHAIN_STEPS = 3
BATCH = 2000
LOCK = 0x5EA1  # one sealer at a time, on PostgreSQL; SQLite has one writer anyway


def chain_of(organisation_path: str) -> str:
    """ "0001/0002/0003/0004/" -> "0001/0002/0003/"; empty for the installation itself."""
    steps = [step for step in organisation_path.split("/") if step][:CHAIN_STEPS]
    return "".join(f"{step}/" for step in steps)


def seal_pending(*, now: datetime) -> int:
    """Seal everything that is committed and not sealed, then export the new heads; returns how many entries.

    Idle it costs two look-ups in empty indexes. Raises OSError when the file of heads cannot be written: what was
    sealed stays sealed, its heads follow the next time.
    """
    sealed = 0
    while AuditEntry.objects.filter(sealed_in__isnull=True).exists():
        count = _seal_batch(now)
        if count == 0:
            break  # another sealer is at work
        sealed += count
    _export(now)
    return sealed


def _seal_batch(now: datetime) -> int:
    with transaction.atomic():
        if not _is_alone():
            return 0
        chains: dict[str, list[AuditEntry]] = defaultdict(list)
        waiting = AuditEntry.objects.filter(sealed_in__isnull=True).order_by("id")
        for entry in waiting.only("organisation_path", "mac")[:BATCH]:  # what else was spoiled keeps no other waiting
            chains[chain_of(entry.organisation_path)].append(entry)
        for chain, entries in sorted(chains.items()):
            seal = _link(chain, entries, now)
            AuditEntry.objects.filter(pk__in=[entry.pk for entry in entries]).mark(sealed_in=seal.pk)
    return sum(len(entries) for entries in chains.values())


def _link(chain: str, entries: list[AuditEntry], now: datetime) -> AuditSeal:
    last = AuditSeal.objects.filter(chain=chain).order_by("-day", "-sequence").only("day", "sequence", "head").first()
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
    """Outside any transaction: a slow disk must not hold the database."""
    while batch := list(AuditSeal.objects.filter(exported_at__isnull=True).order_by("id")[:BATCH]):
        heads.append(batch)
        AuditSeal.objects.filter(pk__in=[seal.pk for seal in batch]).mark(exported_at=now)


def _is_alone() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
