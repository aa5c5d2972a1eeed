"""Keyed UIDs: the same input gives the same output inside a release, and nobody without the key can go back."""

from __future__ import annotations

import hashlib
import hmac


def keyed_uid(uid: str, key: bytes) -> str:
    """A UID under 2.25 (ITU-T X.667: a 128-bit number) from the first half of an HMAC-SHA256 of `uid`."""
    digest = hmac.new(key, uid.encode(), hashlib.sha256).digest()[:16]
    return f"2.25.{int.from_bytes(digest, 'big')}"
