"""Insert entries. The caller's transaction decides whether they exist."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core import crypto
from core.actor import Actor
from core.audit import canonical
from core.audit.models import AuditEntry
from core.ids import uuid7

PURPOSE = "audit"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing to record, for `record_many`. The arguments are those of `record`."""

    action: str
    actor: Actor
    subject_type: str
    subject_id: UUID | str
    at: datetime
    organisation_path: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def record(
    *,
    action: str,
    actor: Actor,
    subject_type: str,
    subject_id: UUID | str,
    now: datetime,
    organisation_path: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Record that `actor` did `action` ("consult.submitted") to the subject, in the current transaction.

    `organisation_path` is the organisation whose auditors should see it, and whose county's chain seals it; empty for
    what belongs to the installation as a whole. `details` hold ids, states and counts, never patient data. Raises
    TypeError for a value without an exact form (a float), ValueError for a naive time.
    """
    entry = _entry(Happening(action, actor, subject_type, subject_id, now, organisation_path, details or {}))
    entry.save(force_insert=True)
    return entry


def record_many(happenings: Iterable[Happening], *, batch_size: int = 1000) -> int:
    """Record many at once; returns how many. For seeding and imports."""
    entries = [_entry(happening) for happening in happenings]
    AuditEntry.objects.bulk_create(entries, batch_size=batch_size)
    return len(entries)


def _entry(happening: Happening) -> AuditEntry:
    entry = AuditEntry(
        id=uuid7(),
        at=happening.at,
        action=happening.action,
        actor_id=happening.actor.person_id,
        subject_type=happening.subject_type,
        subject_id=str(happening.subject_id),
        organisation_path=happening.organisation_path,
        details=canonical.plain(happening.details),
    )
    entry.mac = entry_mac(entry)
    return entry


def entry_mac(entry: AuditEntry) -> str:
    """The MAC as stored: base64url of header and tag."""
    return base64.urlsafe_b64encode(crypto.mac(canonical.entry_bytes(entry), purpose=PURPOSE)).decode()
