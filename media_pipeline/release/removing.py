"""Tidy up behind a decided release. Its key is gone or its objects are sealed by then; this only frees the disk."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from media_pipeline import stores
from media_pipeline.imaging.keeping import kept_frames
from media_pipeline.models import Candidate, TeachingRelease, TeachingStudy, Video
from media_pipeline.video.files import remove_video_files

ENDED = ("refused", "closed")


def remove_files(*, release_id: UUID) -> dict[str, int]:
    """Remove candidates, sealed objects and rows of a refused or closed release. Safe to run again."""
    if not TeachingRelease.objects.filter(pk=release_id, state__in=ENDED).exists():
        return {"removed": 0}
    removed = remove_candidates(release_id)
    removed += stores.remove_folder(stores.teaching(), str(release_id))
    removed += stores.remove_folder(stores.teaching(), kept_frames(release_id))
    for video_id in Video.objects.filter(study__release=release_id).values_list("pk", flat=True):
        removed += remove_video_files(video_id)
    TeachingStudy.objects.filter(release=release_id).delete()
    return {"removed": removed}


def remove_candidates(release_id: UUID) -> int:
    """Remove what the readers looked at and what an unfinished run left; how many files. Their confirmations stay."""
    removed = stores.remove_folder(stores.identified(), candidate_folder(release_id))
    with transaction.atomic():
        Candidate.objects.filter(release=release_id).delete()
    return removed


def candidate_folder(release_id: UUID) -> str:
    """Where in the identified store the cleaned, not yet confirmed objects of a release lie."""
    return f"release/{release_id}"
