"""The one byte form of an entry and of a seal, over which MAC, digest and signature are made.

These are JSON texts (RFC 8259) in UTF-8: keys sorted, no blanks, nothing escaped but what JSON demands. Times are UTC
with six digits of a second and "Z"; ids are lower-case UUID texts; a missing actor is null. Numbers in `details` are
whole: databases do not give a fraction back as it was written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

ENTRY_FORM = "audit-entry/1"
SEAL_FORM = "audit-seal/1"


def plain(value: Any) -> Any:
    """`value` as JSON keeps it without loss: ids, dates, decimals and lazy texts become text.

    Raises TypeError for a float or anything else that has no exact form, ValueError for a NUL character.
    """
    match value:
        case None | bool() | int():
            return value
        case str() | Promise():
            return _text(str(value))
        case Enum():
            return plain(value.value)
        case UUID() | Decimal():
            return str(value)
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {_text(str(key)): plain(item) for key, item in value.items()}
        case Sequence() | set() | frozenset() if not isinstance(value, bytes | bytearray):
            items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
            return [plain(item) for item in items]
        case _:
            raise TypeError(f"audit details cannot hold a {type(value).__name__}")


def _text(value: str) -> str:
    if "\0" in value:
        raise ValueError("audit details cannot hold a NUL character")
    return value


def moment(value: datetime) -> str:
    """UTC with microseconds: 2026-11-22T03:22:00.000000Z. Raises ValueError for a naive time."""
    if value.tzinfo is None:
        raise ValueError("an audit time needs a time zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def encode(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def entry_bytes(entry: Any) -> bytes:
    """What an entry's MAC covers: form, id, at, action, actor, subject type and id, path, details, in this order."""
    return encode(
        [
            ENTRY_FORM,
            str(entry.id),
            moment(entry.at),
            entry.action,
            str(entry.actor_id) if entry.actor_id else None,
            entry.subject_type,
            entry.subject_id,
            entry.organisation_path,
            entry.details,
        ]
    )


def seal_bytes(seal: Any) -> bytes:
    """What a seal's head covers: form, id, chain, day, sequence, previous head, members, time, in this order."""
    return encode(
        [
            SEAL_FORM,
            str(seal.id),
            seal.chain,
            seal.day.isoformat(),
            seal.sequence,
            seal.previous_head,
            seal.members,
            moment(seal.sealed_at),
        ]
    )
