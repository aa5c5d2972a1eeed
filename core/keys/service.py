"""Root keys are made here and nowhere else: by a command, for an installation whose keys are all present."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.actor import Actor
from core.audit import record
from core.crypto.keyring import RootKey, keyring
from core.keys.errors import KeysOfAnother
from core.keys.models import RootKeyRecord
from core.keys.selectors import known_keys


@transaction.atomic
def create_key(*, actor: Actor, now: datetime) -> tuple[RootKey, bool]:
    """The installation's first root key, and whether it was made now. What the folder holds already is written down.

    Raises KeysOfAnother when the database names a key that is not here.
    """
    ring = keyring()
    if not known_keys() <= {key.key_id for key in ring.all()}:
        raise KeysOfAnother
    is_new = ring.newest() is None
    if is_new:
        ring.create()
    for key in ring.all():
        _write_down(key, "key.created" if is_new else "key.recorded", actor, now)
    return ring.current(), is_new


@transaction.atomic
def rotate_key(*, actor: Actor, now: datetime) -> RootKey:
    """Add a root key; from now on it encrypts. Raises KeyMissing without a first one, KeysOfAnother."""
    ring = keyring()
    if not known_keys() <= {key.key_id for key in ring.all()}:
        raise KeysOfAnother
    before = ring.current()
    _write_down(before, "key.recorded", actor, now)
    key = ring.rotate()
    _write_down(key, "key.rotated", actor, now)
    return key


def _write_down(key: RootKey, action: str, actor: Actor, now: datetime) -> None:
    values = {"suite": key.suite.name, "sequence": key.sequence, "recorded_at": now}
    _row, is_new = RootKeyRecord.objects.get_or_create(key_id=key.key_id, defaults=values)
    if is_new:
        record(
            action=action,
            actor=actor,
            subject_type="key",
            subject_id=key.key_id,
            details={"suite": key.suite.name, "sequence": key.sequence},
            now=now,
        )
