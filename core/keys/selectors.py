"""Whether the key folder is the one that belongs to the database."""

from __future__ import annotations

from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit.models import AuditSeal
from core.crypto import Signature, Tampered
from core.crypto.keyring import keyring
from core.keys.models import RootKeyRecord

KeyState = Literal["ok", "missing", "incomplete", "unknown"]

SENTENCES: dict[KeyState, str | Promise] = {
    "missing": _("The key folder (XINGLIN_KEYS_DIR) holds no root key. Mount it, or make the first with create_key."),
    "incomplete": _(
        "The key folder (XINGLIN_KEYS_DIR) does not hold a root key that this database was written with. Mount the "
        "folder that belongs to it."
    ),
    "unknown": _(
        "The newest root key in the key folder (XINGLIN_KEYS_DIR) is not known to this database. If it is yours, run "
        "create_key once: it writes the key down and makes none."
    ),
}


def folder_state() -> KeyState:
    """Without asking the database: is there any key to encrypt with."""
    return "ok" if keyring().newest() else "missing"


def state_of_keys() -> KeyState:
    """Folder and database together. An installation that never wrote its keys down is asked by its last seal."""
    newest = keyring().newest()
    if newest is None:
        return "missing"
    held, known = {key.key_id for key in keyring().all()}, known_keys()
    if not known <= held:
        return "incomplete"
    return "ok" if not known or newest.key_id in known or not _is_written_down() else "unknown"


def known_keys() -> set[str]:
    """Ids of the keys that the database names."""
    return set(RootKeyRecord.objects.values_list("key_id", flat=True)) or _sealed_with()


def _is_written_down() -> bool:
    return RootKeyRecord.objects.exists()


def _sealed_with() -> set[str]:
    text = AuditSeal.objects.order_by("-id").values_list("signature", flat=True).first()
    try:
        return {Signature.parse(text).key_id} if text else set()
    except Tampered:  # verify_audit says so
        return set()
