"""Start a release: the caller has checked role, state and consent; here it gets its key, its input and its job."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.actor import SYSTEM, Actor
from core.audit import record
from core.ids import uuid7
from core.jobs import enqueue
from directory.api import get_organisation
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.errors import NothingToRelease, StudyNotFound
from media_pipeline.models import IdentifiedStudy, TeachingRelease
from media_pipeline.release import sealing
from media_pipeline.release.keys import deidentify_key
from media_pipeline.tasks import deidentify

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter that reads as a number
LABEL_LENGTH = 6


def start_release(
    *,
    study_ids: Sequence[UUID],
    texts: dict[str, str],
    identifiers: PatientIdentifiers,
    organisation_id: UUID,
    now: datetime,
    actor: Actor = SYSTEM,
    release_id: UUID | None = None,
    images_until: datetime | None = None,
) -> UUID:
    """Create the release and enqueue its de-identification; its id.

    `organisation_id` is the organisation whose de-identification officers read it. `release_id` makes the call
    idempotent. What came to the studies after `images_until` stays out. Raises NothingToRelease, StudyNotFound.
    """
    if not study_ids and not any(texts.values()):
        raise NothingToRelease
    with transaction.atomic():
        if release_id is not None and TeachingRelease.objects.filter(pk=release_id).exists():
            return release_id
        studies = list(IdentifiedStudy.unscoped.filter(pk__in=study_ids))
        if len(studies) != len(set(study_ids)):
            raise StudyNotFound
        organisation = get_organisation(organisation_id)
        release = TeachingRelease(
            pk=release_id or uuid7(),
            organisation=organisation,
            label=_new_label(),
            images_until=images_until,
            created_at=now,
        )
        sealing.new_key(release)
        sealing.seal_source(release, {"texts": texts, "identifiers": identifiers.lists()})
        release.save(force_insert=True)
        release.studies.set(studies)
        _enqueue_and_record(release, studies, len(texts), actor, now)
    return release.pk


def _enqueue_and_record(
    release: TeachingRelease, studies: list[IdentifiedStudy], texts: int, actor: Actor, now: datetime
) -> None:
    enqueue(
        deidentify,
        now=now,
        arguments={"release_id": str(release.pk)},
        actor_id=actor.person_id,
        organisation_path=release.organisation.path,
        key=deidentify_key(release.pk),
    )
    record(
        action="release.started",
        actor=actor,
        subject_type="release",
        subject_id=release.pk,
        organisation_path=release.organisation.path,
        details={"studies": [str(study.pk) for study in studies], "texts": texts},
        now=now,
    )


def _new_label() -> str:
    """A pseudonym that says nothing: T- and six random characters, not used before."""
    while True:
        label = "T-" + "".join(secrets.choice(ALPHABET) for _place in range(LABEL_LENGTH))
        if not TeachingRelease.objects.filter(label=label).exists():
            return label
