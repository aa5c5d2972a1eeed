"""Where a video lies in the teaching store. Segments are AES-128 encrypted, playlists hold no content."""

from __future__ import annotations

import contextlib
import re
from uuid import UUID

from media_pipeline import stores

NAME = re.compile(r"(?:master|v[0-9])\.m3u8|v[0-9]_[0-9]{3}\.ts")
TYPES = {"m3u8": "application/vnd.apple.mpegurl", "ts": "video/mp2t"}


def folder(video_id: UUID) -> str:
    return f"video/{video_id}"


def is_video_file(name: str) -> bool:
    return bool(NAME.fullmatch(name))


def content_type(name: str) -> str:
    return TYPES[name.rsplit(".", 1)[-1]]


def remove_video_files(video_id: UUID) -> int:
    """How many files were removed."""
    store, removed = stores.teaching(), 0
    with contextlib.suppress(FileNotFoundError):
        for name in store.listdir(folder(video_id))[1]:
            store.delete(f"{folder(video_id)}/{name}")
            removed += 1
    return removed
