"""Ask for a teaching video, and make it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from core import crypto
from media_pipeline import stores
from media_pipeline.errors import ReleaseClosed, VideoNotFound
from media_pipeline.models import Rendition, Video
from media_pipeline.release import sealing
from media_pipeline.states import VIDEO
from media_pipeline.video.files import folder, keep_attempt
from media_pipeline.video.ladder import LADDER, encode
from media_pipeline.video.reel import Reel, reel_of
from media_pipeline.working import working_folder

Progress = Callable[[int, int], None]


def make_ladder(*, video_id: UUID, now: datetime, progress: Progress = lambda done, total: None) -> dict[str, Any]:
    """Encode the loop into a folder of this attempt, swap it in, mark the video ready. Safe to run again, also while
    an earlier attempt still runs: the first to finish counts. Raises VideoNotFound, ReleaseClosed, WrongState.
    """
    video = Video.objects.select_related("study__release").filter(pk=video_id).first()
    if video is None:
        raise VideoNotFound
    if video.state == "ready":
        keep_attempt(video.pk, video.attempt)
        return {"state": video.state}
    release = video.study.release
    reel = reel_of(video.study, video.series_index)
    pictures = []
    for number, picture in enumerate(reel.pictures(release), start=1):
        pictures.append(picture)
        progress(number, reel.length + 1)
    key, attempt = secrets.token_bytes(16), secrets.token_hex(8)
    is_ready = False
    try:
        with working_folder() as place:
            encode(_repeated(pictures, reel.repeats), rate=reel.rate, key=key, target=place)
            sizes = _store(folder(video.pk, attempt), place)
        _finish(video, reel, attempt, key=key, poster=pictures[len(pictures) // 2], sizes=sizes)
        is_ready = True
    finally:
        if not is_ready:
            stores.remove_folder(stores.teaching(), folder(video.pk, attempt))
    keep_attempt(video.pk, attempt)
    return {"state": "ready", "seconds": round(reel.seconds, 1)}


def _finish(video: Video, reel: Reel, attempt: str, *, key: bytes, poster: bytes, sizes: dict[str, int]) -> None:
    """Seal key and poster, mark the video ready. Raises ReleaseClosed when it was closed meanwhile."""
    with transaction.atomic():
        current = Video.objects.select_for_update().select_related("study__release").get(pk=video.pk)
        if current.study.release.state != "open":
            raise ReleaseClosed
        owner = current.study.release
        data_key = sealing.data_key(owner)
        current.state = VIDEO.check(current.state, "finish")
        current.sealed_key = crypto.seal_bytes(
            key, data_key=data_key, context=sealing.context(owner.pk, "video.key", video.pk.hex)
        )
        current.sealed_poster = crypto.seal_bytes(
            poster, data_key=data_key, context=sealing.context(owner.pk, "video.poster", video.pk.hex)
        )
        current.seconds, current.repeats = reel.seconds, reel.repeats
        current.pictures, current.is_scroll = reel.length, reel.is_scroll
        current.attempt = attempt
        current.save()
        Rendition.objects.filter(video=current).delete()
        Rendition.objects.bulk_create(
            Rendition(video=current, name=f"v{n}", height=step.height, bandwidth=step.bandwidth, size=sizes[f"v{n}"])
            for n, step in enumerate(LADDER)
        )


def _repeated(pictures: list[bytes], repeats: int) -> Iterator[bytes]:
    for _round in range(repeats):
        yield from pictures


def _store(target: str, place: Path) -> dict[str, int]:
    """Every file into the teaching store; the bytes of each rendition."""
    sizes = {f"v{number}": 0 for number in range(len(LADDER))}
    for path in sorted(place.iterdir()):
        with path.open("rb") as file:
            stores.put(stores.teaching(), f"{target}/{path.name}", file)
        if path.suffix == ".ts":
            sizes[path.name[:2]] += path.stat().st_size
    return sizes
