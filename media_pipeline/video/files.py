"""Where a video lies in the teaching store. Segments are AES-128 encrypted, playlists hold no content."""

from __future__ import annotations

import re
from uuid import UUID

from media_pipeline import stores

NAME = re.compile(r"(?:master|v[0-9])\.m3u8|v[0-9]_[0-9]{3}\.ts")
TYPES = {"m3u8": "application/vnd.apple.mpegurl", "ts": "video/mp2t"}


def folder(video_id: UUID, attempt: str = "") -> str:
    """Everything of a video, or what one attempt at making it wrote."""
    return f"video/{video_id}/{attempt}".rstrip("/")


def is_video_file(name: str) -> bool:
    return bool(NAME.fullmatch(name))


def content_type(name: str) -> str:
    return TYPES[name.rsplit(".", 1)[-1]]


def remove_video_files(video_id: UUID) -> int:
    """How many files were removed."""
    return stores.remove_folder(stores.teaching(), folder(video_id))


def keep_attempt(video_id: UUID, attempt: str) -> None:
    """Remove what attempts that were killed or overtaken have left beside the one that counts."""
    for other in stores.folders(stores.teaching(), folder(video_id)):
        if other != folder(video_id, attempt):
            stores.remove_folder(stores.teaching(), other)
