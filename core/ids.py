"""Identifiers: UUID version 7 (RFC 9562, 5.7), so that a primary key sorts by the time it was made."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from random import Random

import uuid_utils.compat


def uuid7() -> uuid.UUID:
    """A new UUIDv7 from the system clock, monotonic within this process."""
    return uuid_utils.compat.uuid7()


def seeded_uuid7(rng: Random, at: datetime) -> uuid.UUID:
    """A UUIDv7 of the moment `at` whose 74 free bits come from `rng`: equal seeds, equal ids. For seeded data only."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    free = rng.getrandbits(74)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | (free >> 62) << 64 | 0b10 << 62 | free & ((1 << 62) - 1))


def read_uuids(texts: Iterable[str]) -> list[uuid.UUID]:
    """Those of `texts` that are ids; the others are left out."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
