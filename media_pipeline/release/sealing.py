"""What a release's keys protect: its data key every teaching byte, the house's key the run's input."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from core import crypto
from media_pipeline.errors import ReleaseClosed
from media_pipeline.models import TeachingRelease

KEY_PURPOSE = "media.release"
SOURCE_PURPOSE = "media.deid_source"


def new_key(release: TeachingRelease) -> None:
    release.wrapped_key = crypto.new_data_key(purpose=KEY_PURPOSE, context=release.pk.bytes).wrapped


def data_key(release: TeachingRelease) -> bytes:
    """The plain key, never stored. Raises ReleaseClosed when it was destroyed."""
    if not release.wrapped_key:
        raise ReleaseClosed
    return crypto.unwrap_data_key(bytes(release.wrapped_key), purpose=KEY_PURPOSE, context=release.pk.bytes)


def context(release_id: UUID, kind: str, name: str) -> bytes:
    """What is authenticated with sealed bytes: whose they are, what they are and which one.

    All objects of a release share a data key; with this one of them cannot be put in the place of another.
    """
    return "\n".join((release_id.hex, kind, name)).encode()


def object_context(release: TeachingRelease, sop_uid: str) -> bytes:
    return context(release.pk, "object", sop_uid)


def seal_source(release: TeachingRelease, source: dict[str, Any]) -> None:
    """Keep texts and identifiers for the run and for the readers' comparison, encrypted."""
    plain = json.dumps(source, ensure_ascii=False).encode()
    release.source = crypto.encrypt(plain, purpose=SOURCE_PURPOSE, context=release.pk.bytes)


def open_source(release: TeachingRelease) -> dict[str, Any]:
    """{"texts": {...}, "identifiers": {...}}; both empty once the release is decided."""
    if not release.source:
        return {"texts": {}, "identifiers": {}}
    plain = crypto.decrypt(bytes(release.source), purpose=SOURCE_PURPOSE, context=release.pk.bytes)
    return dict(json.loads(plain))


def seal_texts(release: TeachingRelease, texts: dict[str, str]) -> None:
    plain = json.dumps(texts, ensure_ascii=False).encode()
    release.sealed_texts = crypto.seal_bytes(
        plain, data_key=data_key(release), context=context(release.pk, "texts", "")
    )


def open_texts(release: TeachingRelease) -> dict[str, str]:
    """The de-identified texts. Raises ReleaseClosed."""
    if not release.sealed_texts:
        return {}
    plain = crypto.open_bytes(
        bytes(release.sealed_texts), data_key=data_key(release), context=context(release.pk, "texts", "")
    )
    return dict(json.loads(plain))


def uid_key(release: TeachingRelease) -> bytes:
    """The key of this release's UIDs: two releases of one study cannot be joined by them."""
    return crypto.mac(b"uids" + release.pk.bytes, purpose=KEY_PURPOSE)


def offset_days(release: TeachingRelease) -> int:
    """How far this release's dates are moved: 30 to 3,679 days into the past, the same for every date in it."""
    tag = crypto.mac(b"dates" + release.pk.bytes, purpose=KEY_PURPOSE)
    return -(30 + int.from_bytes(tag[-4:], "big") % 3650)
