"""A scheme version begins on its date, or reaches back when it is installed late: what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms import api as cms
from core import audit, jobs
from core.actor import SYSTEM
from credits.models import CreditActivity, CreditEntry, SchemeVersion
from credits.services import activities, crediting
from credits.services.activities import local_day
from lms import api as lms
from lms.contracts import CompletionFacts

BATCH = 500


@transaction.atomic
def begin_due(*, now: datetime) -> int:
    """Start a job for every version that is in force and was not worked through; returns how many. Asked again while
    one runs, it starts no second.
    """
    from credits.tasks import begin_version

    due = SchemeVersion.objects.filter(valid_from__lte=local_day(now), began_at__isnull=True).order_by("valid_from")
    for version in due:
        jobs.enqueue(
            begin_version, now=now, arguments={"version_id": str(version.pk)}, key=f"begin-version:{version.pk}"
        )
    return len(due)


def begin(*, version_id: UUID, now: datetime, keep: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Announce every edition at its worth of now, and credit what was passed since the version's first day and found no
    version then. Idempotent, and safe to break off at any place. `keep` renews the caller's lease.

    Raises SchemeVersion.DoesNotExist.
    """
    version = SchemeVersion.objects.get(pk=version_id)
    if version.began_at is not None:
        return {"editions": 0, "credited": 0}
    done = {"editions": _announce_all(now, keep), "credited": _credit_waiting(version, now, keep)}
    with transaction.atomic():
        version.began_at = now
        version.save(update_fields=["began_at"])
        audit.record(
            action="credits.version_began",
            actor=SYSTEM,
            subject_type="scheme_version",
            subject_id=version.pk,
            organisation_path=version.scheme.path,
            details=done,
            now=now,
        )
    return done


def _announce_all(now: datetime, keep: Callable[[], None]) -> int:
    """Every edition in the catalogue, and every older one that was announced before; how many."""
    announced = set(CreditActivity.objects.values_list("edition_id", flat=True))
    editions = sorted({each for each in announced if each} | {card.edition_id for card in cms.list_published()})
    for edition_id in editions:
        activities.announce(edition_id=edition_id, now=now)
        keep()
    return len(editions)


def _credit_waiting(version: SchemeVersion, now: datetime, keep: Callable[[], None]) -> int:
    """How many lines were entered for completions that had none."""
    credited = 0
    for batch in _batches(version):
        known = set(
            CreditEntry.unscoped.filter(
                person__in={completion.person_id for completion in batch},
                source__in=[crediting.source_of(completion) for completion in batch],
            ).values_list("source", flat=True)
        )
        for completion in batch:
            source = crediting.source_of(completion)
            if source not in known:
                entry = crediting.credit_completion(completion_id=completion.id, now=now)
                credited += entry is not None and entry.source == source
            keep()
    return credited


def _batches(version: SchemeVersion) -> Iterator[list[CompletionFacts]]:
    """What was passed since the version's first day."""
    after = None
    while batch := lms.completions_since(version.valid_from, after=after, limit=BATCH):
        yield batch
        after = batch[-1].id
