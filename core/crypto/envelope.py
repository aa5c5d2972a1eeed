"""Encrypt, authenticate and sign short values. Every result names its suite and key.

Binary header, six bytes: format (1), suite number, key id (four bytes). After it stand nonce and AEAD output, or MAC.
The header, the purpose and the caller's context are authenticated, so that a value cannot be moved to another column
or row when the context names it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field

from django.conf import settings

from core.crypto.errors import Tampered
from core.crypto.keyring import ID_BYTES, RootKey, keyring
from core.crypto.suites import entry_named, entry_numbered

FORMAT = 1
HEADER_BYTES = 2 + ID_BYTES


def encrypt(plaintext: bytes, *, purpose: str, context: bytes = b"") -> bytes:
    """Seal `plaintext` under the purpose's own key. The same `purpose` and `context` open it again.

    With random 96-bit nonces one key may seal 2**32 values (NIST SP 800-38D, 8.3); rotate long before.
    """
    root = keyring().current()
    suite = root.suite.load()
    header = _header(root)
    nonce = secrets.token_bytes(suite.NONCE_BYTES)
    sealed = suite.seal(root.subkey(purpose), nonce, plaintext, _associated(header, purpose, context))
    return header + nonce + sealed


def decrypt(ciphertext: bytes, *, purpose: str, context: bytes = b"") -> bytes:
    """Raises Tampered, or KeyMissing when the key or suite that it names is not here."""
    data = bytes(ciphertext)
    root = _root_of(data)
    suite = root.suite.load()
    start = HEADER_BYTES + suite.NONCE_BYTES
    if len(data) < start + suite.TAG_BYTES:
        raise Tampered
    associated = _associated(data[:HEADER_BYTES], purpose, context)
    return suite.unseal(root.subkey(purpose), data[HEADER_BYTES:start], data[start:], associated)


def key_id_of(ciphertext: bytes) -> str:
    """Which key sealed it, so that a re-encryption finds what is still under an old one. Raises Tampered."""
    if len(ciphertext) < HEADER_BYTES:
        raise Tampered
    return bytes(ciphertext[2:HEADER_BYTES]).hex()


def mac(message: bytes, *, purpose: str) -> bytes:
    """A keyed MAC with its header, 38 bytes in the international suite."""
    root = keyring().current()
    return _header(root) + root.suite.load().mac(root.subkey(f"mac/{purpose}"), message)


def check_mac(message: bytes, tag: bytes, *, purpose: str) -> None:
    """Raises Tampered, or KeyMissing."""
    root = _root_of(tag)
    expected = root.suite.load().mac(root.subkey(f"mac/{purpose}"), message)
    if not hmac.compare_digest(expected, tag[HEADER_BYTES:]):
        raise Tampered


def digest(message: bytes) -> str:
    """`suite:hexadecimal`, unkeyed. Two texts of one suite are equal when the messages are."""
    entry = entry_named(settings.XINGLIN_CRYPTO_SUITE)
    return f"{entry.name}:{entry.load().new_digest(message).hexdigest()}"


def check_digest(message: bytes, text: str) -> None:
    """Raises Tampered when `text` is not the digest of `message`, KeyMissing when its suite is not installed."""
    name = text.partition(":")[0]
    if not hmac.compare_digest(f"{name}:{entry_named(name).load().new_digest(message).hexdigest()}", text):
        raise Tampered


def blind_index(value: str, *, purpose: str) -> str:
    """A keyed one-way index for equality search over an encrypted column: `key id.base64url`, at most 52 characters.

    `value` is NFKC-normalised, stripped and case-folded first; the caller takes out its own separators.
    """
    return _blind(keyring().current(), value, purpose)


def blind_indexes(value: str, *, purpose: str) -> tuple[str, ...]:
    """The index under every key, newest first: what a lookup asks for while rows of an old key remain."""
    return tuple(_blind(root, value, purpose) for root in keyring().all())


def _blind(root: RootKey, value: str, purpose: str) -> str:
    normal = unicodedata.normalize("NFKC", value).strip().casefold()
    tag = root.suite.load().mac(root.subkey(f"blind/{purpose}"), normal.encode())
    return f"{root.key_id}.{base64.urlsafe_b64encode(tag).decode().rstrip('=')}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that names its suite and key. `str()` and `parse` are its stored form."""

    suite: str
    key_id: str
    value: bytes

    def __str__(self) -> str:
        return f"{self.suite}:{self.key_id}:{base64.b64encode(self.value).decode()}"

    @classmethod
    def parse(cls, text: str) -> Signature:
        """Raises Tampered when the text is no signature."""
        try:
            suite, key_id, value = text.split(":")
            return cls(suite, key_id, base64.b64decode(value, validate=True))
        except (ValueError, binascii.Error):
            raise Tampered from None


def sign(message: bytes, *, purpose: str) -> Signature:
    """Sign under the purpose's own key pair, which is derived from the newest root key."""
    root = keyring().current()
    value = root.suite.load().sign(root.signing_seed(purpose), _signed(message, purpose))
    return Signature(root.suite.name, root.key_id, value)


def verify(message: bytes, signature: Signature, *, purpose: str) -> None:
    """Raises Tampered, or KeyMissing."""
    root = keyring().named(signature.key_id)
    if root.suite.name != signature.suite:
        raise Tampered
    suite = root.suite.load()
    if not suite.verify(suite.public_key(root.signing_seed(purpose)), _signed(message, purpose), signature.value):
        raise Tampered


def public_key(*, purpose: str, key_id: str | None = None) -> bytes:
    """The raw public key that outsiders check `sign` with; of the newest key unless `key_id` names another."""
    root = keyring().named(key_id) if key_id else keyring().current()
    return root.suite.load().public_key(root.signing_seed(purpose))


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key for one object's files: `wrapped` is stored with the object, `plain` never is.

    Whoever deletes `wrapped` makes every file under it unreadable, copies and backups of the files included.
    """

    wrapped: bytes
    plain: bytes = field(repr=False)


def new_data_key(*, purpose: str, context: bytes = b"") -> DataKey:
    """A random key, wrapped under the purpose's own key."""
    plain = secrets.token_bytes(keyring().current().suite.load().KEY_BYTES)
    return DataKey(encrypt(plain, purpose=f"wrap/{purpose}", context=context), plain)


def unwrap_data_key(wrapped: bytes, *, purpose: str, context: bytes = b"") -> bytes:
    """Raises Tampered, or KeyMissing."""
    return decrypt(wrapped, purpose=f"wrap/{purpose}", context=context)


def _header(root: RootKey) -> bytes:
    return bytes((FORMAT, root.suite.number)) + bytes.fromhex(root.key_id)


def _root_of(data: bytes) -> RootKey:
    if len(data) < HEADER_BYTES or data[0] != FORMAT:
        raise Tampered
    entry = entry_numbered(data[1])
    root = keyring().named(key_id_of(data))
    if root.suite != entry:
        raise Tampered
    return root


def _associated(header: bytes, purpose: str, context: bytes) -> bytes:
    """Unambiguous: the purpose's length stands before it."""
    name = purpose.encode()
    return header + len(name).to_bytes(2, "big") + name + context


def _signed(message: bytes, purpose: str) -> bytes:
    name = purpose.encode()
    return b"xinglin-signature" + len(name).to_bytes(2, "big") + name + message
