"""Ask for a video of a released loop; read one for those who may see it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core import crypto
from core.actor import Actor
from core.audit import record
from core.errors import Forbidden
from core.jobs import enqueue, get_job, revive
from media_pipeline.access.authorise import authorise_teaching
from media_pipeline.errors import NothingToRetry, VideoNotFound
from media_pipeline.models import TeachingStudy, Video
from media_pipeline.release import sealing
from media_pipeline.release.retrying import what_happened
from media_pipeline.tasks import make_video
from media_pipeline.video.reel import reel_of

MAKERS = ("course.author", "case.edit", "case.publish")


def may_make_video(actor: Actor) -> bool:
    return any(actor.may(permission) for permission in MAKERS)


def ask_for_video(*, actor: Actor, study_id: UUID, series: int, title: str, video_id: UUID, now: datetime) -> UUID:
    """Create the video's row and enqueue its making. `video_id` is the form's key: sent twice, it is one video.

    Raises Forbidden, ReleaseClosed, StudyNotFound, NoLoop.
    """
    if not may_make_video(actor):
        raise Forbidden
    with transaction.atomic():
        study = authorise_teaching(actor=actor, study_id=study_id, now=now)
        if Video.objects.filter(pk=video_id).exists():
            return video_id
        video, is_new = _row_of(study, series, title, video_id, actor, now)
        if not is_new:
            return video_id
        job = enqueue(
            make_video,
            now=now,
            arguments={"video_id": str(video_id)},
            actor_id=actor.person_id,
            key=f"media_pipeline.make_video:{video_id}",
        )
        video.job_id = job.pk
        video.save(update_fields=["job_id"])
        record(
            action="video.asked",
            actor=actor,
            subject_type="video",
            subject_id=video_id,
            details={"study": str(study.pk)},
            now=now,
        )
    return video_id


def _row_of(
    study: TeachingStudy, series: int, title: str, video_id: UUID, actor: Actor, now: datetime
) -> tuple[Video, bool]:
    """(The video's row, whether it is new): a second click may have come in between. Raises NoLoop, StudyNotFound."""
    reel = reel_of(study, series)
    fields = {
        "study": study,
        "series_index": series,
        "pictures": reel.length,
        "is_scroll": reel.is_scroll,
        "title": (title.strip() or study.patient_label)[:120],
        "made_by_id": actor.person_id,
        "created_at": now,
    }
    return Video.objects.get_or_create(pk=video_id, defaults=fields)


def video_for(*, actor: Actor, video_id: UUID, now: datetime) -> Video:
    """For who belongs to the audience of its study's release now. Raises Forbidden for nobody, VideoNotFound."""
    if not actor.is_signed_in:
        raise Forbidden
    video = Video.objects.visible_to(actor, now).select_related("study__release").filter(pk=video_id).first()
    if video is None:
        raise VideoNotFound
    return video


def videos_of(study_id: UUID) -> list[Video]:
    """The videos made of a released study, oldest first. Who may see the study may see them."""
    return list(Video.objects.filter(study=study_id).order_by("created_at", "pk"))


def stopped_making(video: Video) -> str:
    """Why no video came of it, as a sentence; "" while it is being made or is ready."""
    if video.state != "preparing" or video.job_id is None:
        return ""
    job = get_job(video.job_id)
    return what_happened(job) if job.state == "dead" else ""


def make_again(*, actor: Actor, video_id: UUID, now: datetime) -> None:
    """Another try for a video whose making came to a stop. Raises Forbidden, VideoNotFound, NothingToRetry."""
    if not may_make_video(actor):
        raise Forbidden
    with transaction.atomic():
        video = video_for(actor=actor, video_id=video_id, now=now)
        if not stopped_making(video) or video.job_id is None:
            raise NothingToRetry
        revive(job_id=video.job_id, now=now)
        record(action="video.retried", actor=actor, subject_type="video", subject_id=video_id, details={}, now=now)


def open_key(video: Video) -> bytes:
    """The AES-128 key of the segments. Raises ReleaseClosed."""
    return _open(video, "video.key", bytes(video.sealed_key))


def open_poster(video: Video) -> bytes:
    """A JPEG of the loop's middle frame. Raises ReleaseClosed."""
    return _open(video, "video.poster", bytes(video.sealed_poster))


def _open(video: Video, kind: str, sealed: bytes) -> bytes:
    if not sealed:
        raise VideoNotFound
    release = video.study.release
    context = sealing.context(release.pk, kind, video.pk.hex)
    return crypto.open_bytes(sealed, data_key=sealing.data_key(release), context=context)
