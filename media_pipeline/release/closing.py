"""Close a release: from this commit nothing that was sealed with its key can be read, copies and backups included.

What editors wrote themselves was never sealed with it; the casebook empties it when it hears of the closing, and a
backup keeps it until the backup is deleted (docs/operations.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.actor import SYSTEM, Actor
from core.audit import record
from core.jobs import enqueue
from core.outbox import publish
from media_pipeline.errors import ReleaseNotFound
from media_pipeline.events import ReleaseClosedEvent, VideoWithdrawn
from media_pipeline.models import TeachingRelease, Video
from media_pipeline.states import RELEASE
from media_pipeline.tasks import tidy


def close_release(*, release_id: UUID, reason: str, now: datetime, actor: Actor = SYSTEM) -> None:
    """Destroy wrapped key, input, texts and audience in the caller's transaction. Closing twice is no error.

    Raises ReleaseNotFound.
    """
    with transaction.atomic():
        release = (
            TeachingRelease.objects.select_for_update().select_related("organisation").filter(pk=release_id).first()
        )
        if release is None:
            raise ReleaseNotFound
        if release.state in RELEASE.final:
            return
        release.state = RELEASE.check(release.state, "close")
        release.reason, release.closed_at = reason[:300], now
        release.wrapped_key = release.source = release.sealed_texts = b""
        release.save(update_fields=["state", "reason", "closed_at", "wrapped_key", "source", "sealed_texts"])
        release.audience.all().delete()
        release.strikes.all().delete()
        record(
            action="release.closed",
            actor=actor,
            subject_type="release",
            subject_id=release.pk,
            organisation_path=release.organisation.path,
            details={},
            now=now,
        )
        publish(ReleaseClosedEvent(release_id=release.pk), now=now)
        for video_id in Video.objects.filter(study__release=release).values_list("pk", flat=True):
            publish(VideoWithdrawn(video_id=video_id), now=now)
        enqueue(tidy, now=now, arguments={"release_id": str(release.pk)}, key=f"media_pipeline.tidy:{release.pk}")
