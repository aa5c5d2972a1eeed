"""When the work behind a release came to a stop: what happened, as a sentence, and another try."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.audit import record
from core.jobs import JobStatus, dead_keys, newest_job, revive
from media_pipeline.cage.errors import BadFile, CageUnavailable
from media_pipeline.errors import NothingToRetry, PixelsMissing, ReleaseNotFound
from media_pipeline.models import TeachingRelease
from media_pipeline.release import keys
from media_pipeline.release.confirming import is_confirmed
from media_pipeline.release.reviewing import REVIEW


def stopped_job(release: TeachingRelease) -> JobStatus | None:
    """The job that should have moved this release on and gave up; None while it runs, waits or is done."""
    if release.state == "preparing":
        job = newest_job(keys.deidentify_key(release.pk))
    elif release.state == "pixel_review" and is_confirmed(release):
        job = newest_job(keys.opening_key(release.pk))
    else:
        return None
    return job if job is not None and job.state == "dead" else None


def stopped_while_preparing(releases: Iterable[TeachingRelease]) -> set[UUID]:
    """Of these, the releases whose de-identification gave up. One query."""
    by_key = {keys.deidentify_key(row.pk): row.pk for row in releases if row.state == "preparing"}
    return {by_key[key] for key in dead_keys(by_key)} if by_key else set()


def what_happened(job: JobStatus) -> str:
    """A sentence in the reader's language. What an exception said may name a patient, so it is not repeated."""
    if job.error_code == "worker_lost":
        return _("The work was interrupted several times before it was finished.")
    if job.error_code == CageUnavailable.code:
        return _("No protected process was free to read the images.")
    if job.error_code == PixelsMissing.code:
        return f"{PixelsMissing.message} {PixelsMissing.next_step}"
    if job.error_code == BadFile.code:
        return _(
            "One of the images is damaged or compressed in a way that cannot be read here. "
            "Another try helps once that is mended; otherwise refuse the release."
        )
    return _("An unexpected fault stopped it (%(code)s). The time and this code help your administrator.") % {
        "code": job.error_code
    }


def retry_release(*, actor: Actor, release_id: UUID, now: datetime) -> None:
    """Give the stopped work a new set of attempts. Raises ReleaseNotFound, NothingToRetry."""
    with transaction.atomic():
        release = (
            TeachingRelease.objects.select_for_update().select_related("organisation").filter(pk=release_id).first()
        )
        if release is None or not actor.may(REVIEW, release.organisation.path):
            raise ReleaseNotFound
        job = stopped_job(release)
        if job is None:
            raise NothingToRetry
        revive(job_id=job.id, now=now)
        record(
            action="release.retried",
            actor=actor,
            subject_type="release",
            subject_id=release.pk,
            organisation_path=release.organisation.path,
            details={"code": job.error_code},
            now=now,
        )
