"""Frames as pictures, decoded in the cage. Kept for a while in the store of their side: identified ones as
they are, teaching ones sealed with their release's key, so that closing it takes them along at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core import crypto
from media_pipeline import cage, stores
from media_pipeline.access.objects import opened_identified, opened_teaching
from media_pipeline.errors import ReleaseNotFound
from media_pipeline.imaging.keeping import kept_frames
from media_pipeline.models import Candidate, IdentifiedInstance, TeachingInstance, TeachingRelease
from media_pipeline.release import sealing

SECONDS = 20.0
SIDES = (96, 160, 320, 640, 1024, 2048)
EDITION = 2  # of how pixels become a picture: one that was kept from an earlier is not shown any more


@dataclass(frozen=True, slots=True)
class Look:
    """How a frame is to be shown. Centre and width in the header's output units; `side` the longer edge in pixels."""

    centre: float | None = None
    width: float | None = None
    side: int | None = None
    kind: str = "jpeg"

    @property
    def content_type(self) -> str:
        return f"image/{self.kind}"

    def arguments(self, frame: int) -> dict[str, object]:
        return {"frame": frame, "centre": self.centre, "width": self.width, "side": self.side, "kind": self.kind}

    def key(self, frame: int) -> str:
        said = {**self.arguments(frame), "edition": EDITION}
        return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()[:32]


def render_identified(instance: IdentifiedInstance, frame: int, look: Look) -> bytes:
    """From the cache of rendered frames, else decoded now and kept. Raises BadFile."""
    store = stores.identified()
    name = f"rendered/{instance.sha256[:2]}/{instance.sha256}/{look.key(frame)}"
    if store.exists(name):
        with store.open(name, "rb") as kept:
            return kept.read()
    with opened_identified(instance) as file:
        picture = _render(file, "identified", frame, look)
    stores.put(store, name, io.BytesIO(picture))
    return picture


def render_teaching(instance: TeachingInstance, release: TeachingRelease, frame: int, look: Look) -> bytes:
    """From the sealed cache, else unsealed into memory, decoded and kept sealed. Raises BadFile, ReleaseClosed.

    A 120-frame echo of 6 MB costs 33 ms of CPU for each frame that is not kept, under 1 ms for one that is.
    """
    data_key = sealing.data_key(release)
    name = f"{kept_frames(release.pk)}/{instance.sha256}/{look.key(frame)}"
    context = sealing.context(release.pk, "frame", name)
    with contextlib.suppress(FileNotFoundError, crypto.Tampered), stores.teaching().open(name, "rb") as kept:
        return crypto.open_bytes(kept.read(), data_key=data_key, context=context)
    with opened_teaching(instance, release) as file:
        picture = _render(file, "teaching", frame, look)
    sealed = crypto.seal_bytes(picture, data_key=data_key, context=context)
    stores.put(stores.teaching(), name, io.BytesIO(sealed))
    return picture


def teaching_frames(instance: TeachingInstance, release: TeachingRelease, look: Look) -> Iterator[bytes]:
    """Every frame of a released loop as a picture, unsealed once. Raises BadFile, ReleaseClosed."""
    with opened_teaching(instance, release) as file:
        for frame in range(1, instance.frames + 1):
            yield _render(file, "teaching", frame, look)


def measure_identified(instance: IdentifiedInstance, frame: int) -> dict[str, float] | None:
    """The window a frame is shown with when none is asked for; None for colour. Raises BadFile."""
    with opened_identified(instance) as file:
        return _measure(file, "identified", frame)


def measure_teaching(instance: TeachingInstance, release: TeachingRelease, frame: int) -> dict[str, float] | None:
    """As `measure_identified`. Raises BadFile, ReleaseClosed."""
    with opened_teaching(instance, release) as file:
        return _measure(file, "teaching", frame)


def render_candidate(candidate: Candidate, frame: int, look: Look, *, is_redacted: bool) -> bytes:
    """A frame as the reader of a release sees it, with or without its boxes blackened.

    Raises BadFile, ReleaseNotFound when the release has been opened or refused meanwhile and its candidates are gone.
    """
    boxes = [box.corners() for box in candidate.boxes.all()] if is_redacted else []
    try:
        with stores.opened(stores.identified(), candidate.path) as file:
            return _render(file, "deid", frame, look, boxes)
    except FileNotFoundError:
        raise ReleaseNotFound from None


def _measure(file: BinaryIO, zone: str, frame: int) -> dict[str, float] | None:
    value = cage.call(
        "measure_frame", zone=zone, files=[file.fileno()], arguments={"frame": frame}, seconds=SECONDS
    ).value
    return {"centre": float(value["centre"]), "width": float(value["width"])} if value else None


def _render(file: BinaryIO, zone: str, frame: int, look: Look, boxes: list[dict[str, int]] | None = None) -> bytes:
    arguments = {**look.arguments(frame), "boxes": boxes or []}
    return cage.call("render_frame", zone=zone, files=[file.fileno()], arguments=arguments, seconds=SECONDS).blobs[0]
