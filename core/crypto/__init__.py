"""The one seam to cryptography. Nobody else imports a cipher, a hash for security, or a key.

Suites are data (`core.crypto.suites`); every ciphertext, MAC, digest and signature names its suite and key.
"""

from core.crypto.envelope import (
    DataKey,
    Signature,
    blind_index,
    blind_indexes,
    check_digest,
    check_mac,
    decrypt,
    digest,
    encrypt,
    key_id_of,
    mac,
    new_data_key,
    public_key,
    sign,
    unwrap_data_key,
    verify,
)
from core.crypto.errors import KeyMissing, Tampered
from core.crypto.sealed import SealedFile, open_bytes, open_range, open_stream, seal_bytes, seal_stream

__all__ = [
    "DataKey",
    "KeyMissing",
    "SealedFile",
    "Signature",
    "Tampered",
    "blind_index",
    "blind_indexes",
    "check_digest",
    "check_mac",
    "decrypt",
    "digest",
    "encrypt",
    "key_id_of",
    "mac",
    "new_data_key",
    "open_bytes",
    "open_range",
    "open_stream",
    "public_key",
    "seal_bytes",
    "seal_stream",
    "sign",
    "unwrap_data_key",
    "verify",
]
