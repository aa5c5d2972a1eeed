"""Long work of this room. Each job takes ids and may run twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task

from core.jobs import job
from core.jobs.running import JobContext
from media_pipeline.imaging.keeping import trim_rendered
from media_pipeline.release.opening import open_release
from media_pipeline.release.preparing import prepare_release
from media_pipeline.release.removing import remove_files
from media_pipeline.uploads.ingesting import ingest_upload
from media_pipeline.video.making import make_ladder
from media_pipeline.working import sweep

INGEST_ATTEMPTS = 5


@job("media_pipeline.ingest", lease_seconds=300, max_attempts=INGEST_ATTEMPTS)
def ingest(context: JobContext, *, upload_id: str, study_uid: str = "") -> dict[str, Any]:
    """Read and store the files of an upload; with `study_uid` only what belongs to that study."""
    return ingest_upload(
        upload_id=UUID(upload_id),
        now=context.now(),
        progress=context.progress,
        is_last=context.attempt >= INGEST_ATTEMPTS,
        study_uid=study_uid,
    )


@job("media_pipeline.deidentify", lease_seconds=300)
def deidentify(context: JobContext, *, release_id: str) -> dict[str, Any]:
    """Clean headers and texts of a release and present it for pixel review."""
    return prepare_release(release_id=UUID(release_id), now=context.now(), progress=context.progress)


@job("media_pipeline.open_release", lease_seconds=300)
def open_confirmed(context: JobContext, *, release_id: str) -> dict[str, Any]:
    """Blacken, seal and open a release that two readers confirmed."""
    return open_release(release_id=UUID(release_id), now=context.now(), progress=context.progress)


@job("media_pipeline.tidy_release")
def tidy(context: JobContext, *, release_id: str) -> dict[str, Any]:
    """Remove the files of a release that was refused or closed; its key is gone already."""
    return remove_files(release_id=UUID(release_id))


@shared_task(name="media_pipeline.trim_rendered")
def trim() -> None:
    """Every few minutes, and when a worker starts: keep the caches of rendered frames below their limits, and remove
    what a killed worker left in the folder it worked in."""
    sweep()
    trim_rendered()


@job("media_pipeline.make_video", lease_seconds=600, max_attempts=3)
def make_video(context: JobContext, *, video_id: str) -> dict[str, Any]:
    """Encode a released loop as an HLS ladder."""
    return make_ladder(video_id=UUID(video_id), now=context.now(), progress=context.progress)
