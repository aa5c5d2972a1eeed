"""Tidy up behind a decided release. Its key is gone or its objects are sealed by then; this only frees the disk."""

from __future__ import annotations

import contextlib
from uuid import UUID

from django.db import transaction

from media_pipeline import stores
from media_pipeline.models import Candidate, TeachingInstance, TeachingRelease, TeachingStudy, Video
from media_pipeline.video.files import remove_video_files

ENDED = ("refused", "closed")


def remove_files(*, release_id: UUID) -> dict[str, int]:
    """Remove candidates, sealed objects and rows of a refused or closed release. Safe to run again."""
    if not TeachingRelease.objects.filter(pk=release_id, state__in=ENDED).exists():
        return {"removed": 0}
    removed = remove_candidates(release_id)
    instances = TeachingInstance.objects.filter(series__study__release=release_id)
    for path in instances.values_list("path", flat=True):
        with contextlib.suppress(FileNotFoundError):
            stores.teaching().delete(path)
        removed += 1
    for video_id in Video.objects.filter(study__release=release_id).values_list("pk", flat=True):
        removed += remove_video_files(video_id)
    TeachingStudy.objects.filter(release=release_id).delete()
    return {"removed": removed}


def remove_candidates(release_id: UUID) -> int:
    """Remove what the readers looked at; how many objects. Their confirmations stay."""
    candidates = Candidate.objects.filter(release=release_id)
    paths = list(candidates.values_list("path", flat=True))
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            stores.identified().delete(path)
    with transaction.atomic():
        candidates.delete()
    return len(paths)
