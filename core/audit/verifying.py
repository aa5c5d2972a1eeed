"""Find what was done to the trail around the software."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from core import crypto
from core.audit import canonical, heads
from core.audit.models import AuditEntry, AuditSeal
from core.audit.reading import Row, any_bytes, as_they_stand, one_line
from core.audit.recording import PURPOSE

UNSEALED_AFTER = timedelta(minutes=1)
EXPORT_SETTLES = timedelta(seconds=10)
LINK = frozenset({"chain", "day", "sequence", "head"})  # columns of a seal that its successor is compared with
NO_MATCH = (crypto.Tampered, ValueError, TypeError, OverflowError, RecursionError)
"""What a check raises of a row that we did not write so: ValueError covers texts that are no base64 or UTF-8."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`code` is stable: entry_changed, entry_removed, entry_unsealed, entry_mark_wrong, seal_changed, seal_removed,
    seal_not_exported, head_wrong, key_missing."""

    code: str
    subject: str
    text: str

    def __str__(self) -> str:
        """One line, whatever somebody wrote into an id."""
        return f"{self.code} {one_line(self.subject)}: {one_line(self.text)}"


@dataclass
class Verification:
    """Counts of what was looked at, filled while `faults` is read to its end."""

    now: datetime
    entries: int = 0
    seals: int = 0
    chains: int = 0
    _heads: dict[heads.Place, heads.Head] = field(default_factory=dict)
    _broken: set[str] = field(default_factory=set)
    """Keys of the seals that cannot be read."""
    _has_nameless: bool = False
    """Whether the id of one of them is none."""

    def faults(self) -> Iterator[Fault]:
        """Each fault once. The file is read first, so that links made meanwhile are no false alarm."""
        with any_bytes():
            yield from self._read_heads()
            yield from self._check_seals()
            for (chain, day, sequence), head in sorted(self._heads.items()):
                if head.seal_id not in self._broken:
                    place = f"{chain or '/'} {day} {sequence}"
                    yield Fault("seal_removed", head.seal_id, f"link {place} is gone from the database")
            yield from self._check_marks()
            yield from self._check_unsealed()

    def _read_heads(self) -> Iterator[Fault]:
        try:
            self._heads, wrong = heads.read()
        except OSError as error:
            yield Fault("head_wrong", "file", f"the file of heads cannot be read: {error.strerror}")
            return
        for number in wrong:
            yield Fault("head_wrong", f"line {number}", "the file of heads holds a line that is none or contradicts")

    def _check_seals(self) -> Iterator[Fault]:
        chain: str | None = None
        last: AuditSeal | None = None
        for row in as_they_stand(AuditSeal.objects.order_by("chain", "day", "sequence")):
            self.seals += 1
            seal = row.item
            if "chain" not in row.broken and seal.chain != chain:
                self.chains += 1
                chain, last = seal.chain, None
            if row.broken:
                self._broken.add(row.key)
                self._has_nameless |= "id" in row.broken
                yield _unreadable("seal_changed", row)
            else:
                yield from self._check_link(seal, last)
                yield from self._check_head(seal)
            if "id" not in row.broken:
                yield from self._check_members(row)
            if not row.broken & LINK:
                last = seal

    def _check_link(self, seal: AuditSeal, last: AuditSeal | None) -> Iterator[Fault]:
        expected = last.sequence + 1 if last is not None and last.day == seal.day else 1
        if seal.sequence != expected or seal.previous_head != (last.head if last else ""):
            yield Fault("seal_removed", str(seal.pk), f"the link before {_place(seal)} is gone or was changed")
        try:
            crypto.check_digest(canonical.seal_bytes(seal), seal.head)
            crypto.verify(seal.head.encode(), crypto.Signature.parse(seal.signature), purpose=PURPOSE)
        except crypto.KeyMissing:
            yield Fault("key_missing", str(seal.pk), f"the key that signed {_place(seal)} is not here")
        except NO_MATCH:
            yield Fault("seal_changed", str(seal.pk), f"link {_place(seal)} does not match its head or signature")

    def _check_head(self, seal: AuditSeal) -> Iterator[Fault]:
        head = self._heads.pop(heads.place_of(seal), None)
        if head is None:
            exported = seal.exported_at is not None and seal.exported_at < self.now - EXPORT_SETTLES
            if exported or seal.sealed_at < self.now - UNSEALED_AFTER:
                yield Fault("seal_not_exported", str(seal.pk), f"{_place(seal)} is missing in the file of heads")
        elif head != heads.Head(str(seal.pk), seal.head, seal.signature):
            yield Fault("head_wrong", str(seal.pk), f"the file of heads says otherwise about {_place(seal)}")

    def _check_members(self, sealed: Row[AuditSeal]) -> Iterator[Fault]:
        seal = sealed.item
        rows = list(as_they_stand(AuditEntry.objects.filter(sealed_in=seal.pk)))
        self.entries += len(rows)
        marked = {row.key: row.item for row in rows if "id" not in row.broken}
        members = _members(seal)
        for entry_id, mac in (members or {}).items():
            if entry_id not in marked:
                yield self._absent(entry_id, seal)
            elif marked[entry_id].mac != mac:
                yield Fault("entry_changed", entry_id, "its MAC is not the one that was sealed")
        for row in rows:
            is_listed = members is None or "id" in row.broken or row.key in members
            if not is_listed:
                yield Fault("entry_mark_wrong", row.key, f"it claims link {_place(seal)}, which does not list it")
            if members is None or members.get(row.key, row.item.mac) == row.item.mac:
                yield from _check_entry(row)

    def _absent(self, entry_id: str, seal: AuditSeal) -> Fault:
        if AuditEntry.objects.filter(pk=entry_id).exists():
            return Fault("entry_mark_wrong", entry_id, f"it is listed by link {_place(seal)} but does not say so")
        return Fault("entry_removed", entry_id, f"link {_place(seal)} lists it, the database does not hold it")

    def _check_marks(self) -> Iterator[Fault]:
        """Whatever names no link that was looked at: none that is there, or one whose own id cannot be read."""
        is_there = Exists(AuditSeal.objects.filter(pk=OuterRef("sealed_in")))
        marked = AuditEntry.objects.filter(sealed_in__isnull=False)
        yield from self._check_unclaimed(as_they_stand(marked.filter(~is_there)))
        if self._has_nameless:
            rows = as_they_stand(marked.filter(is_there))
            yield from self._check_unclaimed(row for row in rows if "sealed_in" in row.broken)

    def _check_unclaimed(self, rows: Iterator[Row[AuditEntry]]) -> Iterator[Fault]:
        for row in rows:
            self.entries += 1
            yield Fault("entry_mark_wrong", row.key, "it claims a link that does not exist")
            yield from _check_entry(row)

    def _check_unsealed(self) -> Iterator[Fault]:
        for row in as_they_stand(AuditEntry.objects.filter(sealed_in__isnull=True).order_by("id")):
            self.entries += 1
            yield from _check_entry(row)
            if "id" not in row.broken and made_at(row.item.pk) < self.now - UNSEALED_AFTER:
                yield Fault("entry_unsealed", row.key, "it has waited for its seal for more than a minute")


def made_at(identifier: UUID) -> datetime:
    """When a UUIDv7 was made (RFC 9562, 5.7); an entry's own time may lie in the past, as in a seeded history.

    An id that holds no time, which we never make, reads as the far future.
    """
    try:
        return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)
    except (ValueError, OverflowError):
        return datetime.max.replace(tzinfo=UTC)


def _members(seal: AuditSeal) -> dict[str, object] | None:
    """Entry id -> MAC; None where that cannot be read, of which the seal itself is the fault."""
    try:
        return {str(UUID(entry_id)): mac for entry_id, mac in seal.members}
    except (ValueError, TypeError, AttributeError):
        return None


def _check_entry(row: Row[AuditEntry]) -> Iterator[Fault]:
    entry = row.item
    if row.broken - {"sealed_in"}:
        yield _unreadable("entry_changed", row)
        return
    try:
        crypto.check_mac(canonical.entry_bytes(entry), base64.urlsafe_b64decode(entry.mac), purpose=PURPOSE)
    except crypto.KeyMissing:
        yield Fault("key_missing", row.key, "the key of its MAC is not here")
    except NO_MATCH:
        yield Fault("entry_changed", row.key, "it does not match its MAC")


def _unreadable(code: str, row: Row[AuditEntry] | Row[AuditSeal]) -> Fault:
    return Fault(code, row.key, f"what stands in {', '.join(sorted(row.broken))} cannot be read")


def _place(seal: AuditSeal) -> str:
    return f"{seal.chain or '/'} {seal.day} {seal.sequence}"
