"""The heads of the chains, outside the database: one JSON line for each seal in `settings.XINGLIN_AUDIT_HEADS`.

Somebody who can write the database cannot make its newest links vanish without the file showing it. In production ship
the file to another machine.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from django.conf import settings

from core.audit import canonical
from core.audit.models import AuditSeal

LONGEST_LINE = 65_536  # bytes

Place = tuple[str, str, int]
"""Chain, day (ISO 8601) and sequence."""


@dataclass(frozen=True, slots=True)
class Head:
    seal_id: str
    head: str
    signature: str


def place_of(seal: AuditSeal) -> Place:
    return (seal.chain, seal.day.isoformat(), seal.sequence)


def append(seals: Iterable[AuditSeal]) -> None:
    """Append the seals' heads and return when they are on disk. Raises OSError."""
    lines = b"".join(_line(seal) for seal in seals)
    path = Path(settings.XINGLIN_AUDIT_HEADS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = _whole_lines(file)
        try:
            if file.write(lines) != len(lines):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise


def _whole_lines(file: FileIO) -> int:
    """Where the last whole line ends. What stands behind it a killed sealer left, which will write that head again."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_LINE))
    end = size - len(file.read().rpartition(b"\n")[2])
    file.truncate(end)
    return end


def read() -> tuple[dict[Place, Head], list[int]]:
    """Every head in the file, and the numbers of lines that are no head or contradict an earlier line.

    A line may stand there twice: a sealer that was killed between writing and noting it writes it again.
    """
    path = Path(settings.XINGLIN_AUDIT_HEADS)
    found: dict[Place, Head] = {}
    wrong: list[int] = []
    if not path.exists():
        return found, wrong
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            try:
                place, head = _parsed(line)
            except (ValueError, KeyError, TypeError, RecursionError):
                wrong.append(number)
                continue
            if found.setdefault(place, head) != head:
                wrong.append(number)
    return found, wrong


def _parsed(line: str) -> tuple[Place, Head]:
    """Raises ValueError, KeyError, TypeError or RecursionError for what is no head."""
    value = json.loads(line)
    place = (value["chain"], value["day"], value["sequence"])
    head = Head(value["seal"], value["head"], value["signature"])
    texts = (*place[:2], head.seal_id, head.head, head.signature)
    if not all(isinstance(text, str) for text in texts) or type(place[2]) is not int:
        raise TypeError(line)
    return place, head


def _line(seal: AuditSeal) -> bytes:
    value = {
        "chain": seal.chain,
        "day": seal.day.isoformat(),
        "sequence": seal.sequence,
        "seal": str(seal.id),
        "head": seal.head,
        "signature": seal.signature,
        "entries": len(seal.members),
        "sealed_at": canonical.moment(seal.sealed_at),
    }
    return canonical.encode(value) + b"\n"
