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
from core.states import WrongState
from media_pipeline.errors import ReasonMissing, ReleaseNotFound
from media_pipeline.events import ReleaseClosedEvent, VideoWithdrawn
from media_pipeline.models import TeachingRelease, Video
from media_pipeline.release.reviewing import REVIEW
from media_pipeline.states import RELEASE
from media_pipeline.tasks import tidy

LONGEST_REASON = 300


def close_release(*, release_id: UUID, reason: str, now: datetime, actor: Actor = SYSTEM) -> None:
    """Destroy wrapped key, input, texts and audience in the caller's transaction. Closing twice is no error.

    Raises ReleaseNotFound.
    """
    with transaction.atomic():
        release = _locked(release_id)
        if release.state not in RELEASE.final:
            _close(release, "release.closed", reason, actor, now)


def pull_release(*, actor: Actor, release_id: UUID, reason: str, now: datetime) -> None:
    """An officer found in a released picture or text what should not be there: close it, whatever rests on it.

    Everything follows as when a consent is withdrawn. The same once more, from a second click, is no error.
    Raises ReleaseNotFound, ReasonMissing, WrongState for a release that is not open.
    """
    told = reason.strip()[:LONGEST_REASON]
    if not told:
        raise ReasonMissing
    with transaction.atomic():
        release = _locked(release_id)
        if not actor.may(REVIEW, release.organisation.path):
            raise ReleaseNotFound
        if release.state == "closed" and release.reason == told:
            return
        if release.state != "open":
            raise WrongState(state=RELEASE.states[release.state].label)
        _close(release, "release.pulled", told, actor, now)


def _locked(release_id: UUID) -> TeachingRelease:
    release = TeachingRelease.objects.select_for_update().select_related("organisation").filter(pk=release_id).first()
    if release is None:
        raise ReleaseNotFound
    return release


def _close(release: TeachingRelease, action: str, reason: str, actor: Actor, now: datetime) -> None:
    release.state = RELEASE.check(release.state, "close")
    release.reason, release.closed_at = reason[:LONGEST_REASON], now
    release.wrapped_key = release.source = release.sealed_texts = b""
    release.save(update_fields=["state", "reason", "closed_at", "wrapped_key", "source", "sealed_texts"])
    release.audience.all().delete()
    release.strikes.all().delete()
    record(
        action=action,
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
