"""Find what was done to the trail around the software."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from core import crypto
from core.audit import canonical, heads
from core.audit.models import AuditEntry, AuditSeal
from core.audit.recording import PURPOSE

UNSEALED_AFTER = timedelta(minutes=1)
EXPORT_SETTLES = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Fault:
    """`code` is stable: entry_changed, entry_removed, entry_unsealed, entry_mark_wrong, seal_changed, seal_removed,
    seal_not_exported, head_wrong, key_missing."""

    code: str
    subject: str
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.subject}: {self.text}"


@dataclass
class Verification:
    """Counts of what was looked at, filled while `faults` is read to its end."""

    now: datetime
    entries: int = 0
    seals: int = 0
    chains: int = 0
    _heads: dict[heads.Place, heads.Head] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Each fault once. The file is read first, so that links made meanwhile are no false alarm."""
        self._heads, wrong = heads.read()
        for number in wrong:
            yield Fault("head_wrong", f"line {number}", "the file of heads holds a line that is none or contradicts")
        yield from self._check_seals()
        for (chain, day, sequence), head in sorted(self._heads.items()):
            yield Fault("seal_removed", head.seal_id, f"link {chain or '/'} {day} {sequence} is gone from the database")
        yield from self._check_marks()
        yield from self._check_unsealed()

    def _check_seals(self) -> Iterator[Fault]:
        last: AuditSeal | None = None
        for seal in AuditSeal.objects.order_by("chain", "day", "sequence").iterator(chunk_size=50):
            self.seals += 1
            if last is None or last.chain != seal.chain:
                self.chains += 1
                last = None
            yield from self._check_link(seal, last)
            yield from self._check_head(seal)
            yield from self._check_members(seal)
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
        except (crypto.Tampered, ValueError):
            yield Fault("seal_changed", str(seal.pk), f"link {_place(seal)} does not match its head or signature")

    def _check_head(self, seal: AuditSeal) -> Iterator[Fault]:
        head = self._heads.pop(heads.place_of(seal), None)
        if head is None:
            exported = seal.exported_at is not None and seal.exported_at < self.now - EXPORT_SETTLES
            if exported or seal.sealed_at < self.now - UNSEALED_AFTER:
                yield Fault("seal_not_exported", str(seal.pk), f"{_place(seal)} is missing in the file of heads")
        elif head != heads.Head(str(seal.pk), seal.head, seal.signature):
            yield Fault("head_wrong", str(seal.pk), f"the file of heads says otherwise about {_place(seal)}")

    def _check_members(self, seal: AuditSeal) -> Iterator[Fault]:
        marked = {str(entry.pk): entry for entry in AuditEntry.objects.filter(sealed_in=seal.pk)}
        self.entries += len(marked)
        try:
            members = {str(UUID(entry_id)): mac for entry_id, mac in seal.members}
        except (ValueError, TypeError, AttributeError):
            return  # the seal itself was reported as changed
        for entry_id, mac in members.items():
            if entry_id not in marked:
                yield self._absent(entry_id, seal)
            elif marked[entry_id].mac != mac:
                yield Fault("entry_changed", entry_id, "its MAC is not the one that was sealed")
        for entry_id, entry in marked.items():
            if entry_id not in members:
                yield Fault("entry_mark_wrong", entry_id, f"it claims link {_place(seal)}, which does not list it")
            if members.get(entry_id, entry.mac) == entry.mac:
                yield from _check_entry(entry)

    def _absent(self, entry_id: str, seal: AuditSeal) -> Fault:
        if AuditEntry.objects.filter(pk=entry_id).exists():
            return Fault("entry_mark_wrong", entry_id, f"it is listed by link {_place(seal)} but does not say so")
        return Fault("entry_removed", entry_id, f"link {_place(seal)} lists it, the database does not hold it")

    def _check_marks(self) -> Iterator[Fault]:
        seal = AuditSeal.objects.filter(pk=OuterRef("sealed_in"))
        for entry in AuditEntry.objects.filter(~Exists(seal), sealed_in__isnull=False).iterator():
            self.entries += 1
            yield Fault("entry_mark_wrong", str(entry.pk), "it claims a link that does not exist")
            yield from _check_entry(entry)

    def _check_unsealed(self) -> Iterator[Fault]:
        for entry in AuditEntry.objects.filter(sealed_in__isnull=True).order_by("id").iterator():
            self.entries += 1
            yield from _check_entry(entry)
            if made_at(entry.pk) < self.now - UNSEALED_AFTER:
                yield Fault("entry_unsealed", str(entry.pk), "it has waited for its seal for more than a minute")


def made_at(identifier: UUID) -> datetime:
    """When a UUIDv7 was made (RFC 9562, 5.7); an entry's own time may lie in the past, as in a seeded history."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def _check_entry(entry: AuditEntry) -> Iterator[Fault]:
    try:
        crypto.check_mac(canonical.entry_bytes(entry), base64.urlsafe_b64decode(entry.mac), purpose=PURPOSE)
    except crypto.KeyMissing:
        yield Fault("key_missing", str(entry.pk), "the key of its MAC is not here")
    except (crypto.Tampered, binascii.Error, ValueError):
        yield Fault("entry_changed", str(entry.pk), "it does not match its MAC")


def _place(seal: AuditSeal) -> str:
    return f"{seal.chain or '/'} {seal.day} {seal.sequence}"
