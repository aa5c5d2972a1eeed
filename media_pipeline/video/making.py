"""Ask for a teaching video, and make it."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from core import crypto
from media_pipeline import stores
from media_pipeline.errors import ReleaseClosed, VideoNotFound
from media_pipeline.imaging.locating import locate
from media_pipeline.imaging.rendering import teaching_frames
from media_pipeline.models import Rendition, TeachingInstance, Video
from media_pipeline.release import sealing
from media_pipeline.states import VIDEO
from media_pipeline.video.files import folder
from media_pipeline.video.ladder import LADDER, encode

ABOUT_SECONDS = 20.0
MOST_REPEATS = 10
DEFAULT_FRAME_TIME = 40.0  # milliseconds, where the device does not say

Progress = Callable[[int, int], None]


def make_ladder(*, video_id: UUID, now: datetime, progress: Progress = lambda done, total: None) -> dict[str, Any]:
    """Encode the loop, store it, mark it ready. Safe to run again. Raises VideoNotFound, ReleaseClosed."""
    video = Video.objects.select_related("study__release").filter(pk=video_id).first()
    if video is None:
        raise VideoNotFound
    if video.state == "ready":
        return {"state": video.state}
    release = video.study.release
    instance: TeachingInstance = locate(video.study, video.series_index, 1).instance
    frame_time = float(instance.fact("frame_time") or DEFAULT_FRAME_TIME)
    once = instance.frames * frame_time / 1000
    repeats = min(MOST_REPEATS, max(1, round(ABOUT_SECONDS / once)))
    pictures = []
    for number, picture in enumerate(teaching_frames(instance, release), start=1):
        pictures.append(picture)
        progress(number, instance.frames + 1)
    key = secrets.token_bytes(16)
    with tempfile.TemporaryDirectory() as place:
        encode(_repeated(pictures, repeats), rate=1000 / frame_time, key=key, target=Path(place))
        sizes = _store(video, Path(place))
    seal = {"data_key": sealing.data_key(release), "context": video.pk.bytes}
    with transaction.atomic():
        current = Video.objects.select_for_update().select_related("study__release").get(pk=video.pk)
        if current.study.release.state != "open":
            raise ReleaseClosed
        current.state = VIDEO.check(current.state, "finish")
        current.sealed_key = crypto.seal_bytes(key, **seal)
        current.sealed_poster = crypto.seal_bytes(pictures[len(pictures) // 2], **seal)
        current.seconds, current.repeats = once * repeats, repeats
        current.save(update_fields=["state", "sealed_key", "sealed_poster", "seconds", "repeats"])
        Rendition.objects.filter(video=current).delete()
        Rendition.objects.bulk_create(
            Rendition(video=current, name=f"v{n}", height=step.height, bandwidth=step.bandwidth, size=sizes[f"v{n}"])
            for n, step in enumerate(LADDER)
        )
    return {"state": "ready", "seconds": round(once * repeats, 1)}


def _repeated(pictures: list[bytes], repeats: int) -> Iterator[bytes]:
    for _round in range(repeats):
        yield from pictures


def _store(video: Video, place: Path) -> dict[str, int]:
    """Every file into the teaching store; the bytes of each rendition."""
    sizes = {f"v{number}": 0 for number in range(len(LADDER))}
    for path in sorted(place.iterdir()):
        with path.open("rb") as file:
            stores.put(stores.teaching(), f"{folder(video.pk)}/{path.name}", file)
        if path.suffix == ".ts":
            sizes[path.name[:2]] += path.stat().st_size
    return sizes
