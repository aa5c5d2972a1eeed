"""Keep the cache of rendered identified frames small: the oldest pictures go first."""

from __future__ import annotations

from pathlib import Path

from media_pipeline import stores

FOLDER = "rendered"
MOST_BYTES = 512 * 2**20
KEPT_SHARE = 0.8  # trimmed below the limit, so that not every call has to trim


def trim_rendered(most_bytes: int = MOST_BYTES) -> int:
    """Remove the oldest rendered frames when they exceed `most_bytes`; how many went.

    A remote store has no folder to walk: there the bucket's lifecycle rule does this.
    """
    try:
        root = Path(stores.identified().path(FOLDER))
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
