"""Keep the caches of rendered frames small, one on each side: the oldest pictures go first."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.core.files.storage import Storage

from media_pipeline import stores

FOLDER = "rendered"
MOST_BYTES = 512 * 2**20
KEPT_SHARE = 0.8  # trimmed below the limit, so that not every call has to trim


def kept_frames(release_id: UUID) -> str:
    """The folder of a release's sealed frames in the teaching store."""
    return f"{FOLDER}/{release_id}"


def trim_rendered(most_bytes: int = MOST_BYTES) -> int:
    """Remove the oldest rendered frames of a side that exceeds `most_bytes`; how many went.

    A remote store has no folder to walk: there the bucket's lifecycle rule does this.
    """
    return sum(_trim(store, most_bytes) for store in (stores.identified(), stores.teaching()))


def _trim(store: Storage, most_bytes: int) -> int:
    try:
        root = Path(store.path(FOLDER))
    except NotImplementedError:
        return 0
    files = [(path.stat().st_mtime, path.stat().st_size, path) for path in root.rglob("*") if path.is_file()]
    total, removed = sum(size for _age, size, _path in files), 0
    if total <= most_bytes:
        return 0
    for _age, size, path in sorted(files):
        if total <= most_bytes * KEPT_SHARE:
            break
        path.unlink(missing_ok=True)
        total -= size
        removed += 1
    return removed
