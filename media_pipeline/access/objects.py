"""The bytes of one stored object, on either side: as a descriptor for the cage, or as pieces for a reader."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import BinaryIO

from core import crypto
from media_pipeline import stores
from media_pipeline.models import IdentifiedInstance, TeachingInstance, TeachingRelease
from media_pipeline.release import sealing

CHUNK = 256 * 1024


@contextlib.contextmanager
def opened_identified(instance: IdentifiedInstance) -> Iterator[BinaryIO]:
    with stores.opened(stores.identified(), instance.path) as file:
        yield file


@contextlib.contextmanager
def opened_teaching(instance: TeachingInstance, release: TeachingRelease) -> Iterator[BinaryIO]:
    """The object unsealed into memory. Raises ReleaseClosed when the key is gone."""
    key, context = sealing.data_key(release), sealing.object_context(release, instance.sop_uid)
    with stores.in_memory() as plain:
        with stores.opened(stores.teaching(), instance.path) as sealed:
            for piece in crypto.open_stream(sealed, data_key=key, context=context):
                plain.write(piece)
        plain.seek(0)
        yield plain


def read_identified(instance: IdentifiedInstance, start: int, length: int) -> Iterator[bytes]:
    with stores.opened(stores.identified(), instance.path) as file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(CHUNK, length))):
            length -= len(piece)
            yield piece


def read_teaching(instance: TeachingInstance, release: TeachingRelease, start: int, length: int) -> Iterator[bytes]:
    """Raises ReleaseClosed when the key is gone."""
    key, context = sealing.data_key(release), sealing.object_context(release, instance.sop_uid)
    with stores.opened(stores.teaching(), instance.path) as sealed:
        yield from crypto.open_range(sealed, data_key=key, start=start, length=length, context=context)
