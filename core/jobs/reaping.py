"""Find work that nobody holds any more and put it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from core import processes
from core.jobs.events import JobGaveUp
from core.jobs.models import Job
from core.outbox import publish

BATCH = 200
WAKE_AGAIN = timedelta(seconds=30)  # so that a long queue does not fill the broker with repeated wake-ups


def reap(now: datetime, *, is_fresh: bool = False) -> list[tuple[UUID, str]]:
    """Return lost leases to the queue (or to the dead letters), and name every due job as (id, queue).

    A lease is lost when it ran out, or when the process that held it on this machine has ended. With `is_fresh` jobs
    that were woken a moment ago are named as well: the worker that was told of them may be the one that was killed.
    """
    expired = Job.objects.filter(Q(lease_until__lt=now) | Q(lease_token__in=_orphans()), state="running")
    for job_id, name in expired.filter(attempts__gte=F("max_attempts")).values_list("pk", "name"):
        _bury(expired.filter(pk=job_id), JobGaveUp(job_id=job_id, name=name), now)
    expired.update(state="queued", run_after=now, woken_at=None, lease_token=None, lease_until=None, held_by="")
    asleep = Q(woken_at__isnull=True) | Q(woken_at__lt=now - (timedelta(0) if is_fresh else WAKE_AGAIN))
    waiting = Job.objects.filter(asleep, state="queued", run_after__lte=now).order_by("run_after")
    due = list(waiting.values_list("pk", "queue")[:BATCH])
    Job.objects.filter(pk__in=[job_id for job_id, _queue in due]).update(woken_at=now)
    return due


def _bury(row: QuerySet[Job], event: JobGaveUp, now: datetime) -> None:
    """To the dead letters, and told of, unless somebody else has just done it."""
    with transaction.atomic():
        if row.update(
            state="dead",
            finished_at=now,
            lease_token=None,
            held_by="",
            error_code="worker_lost",
            error_text="The worker ended before the work was finished, too many times.",
        ):
            publish(event, now=now)


def _orphans() -> list[UUID]:
    """Lease tokens whose process is no more: by token, so that a row taken anew meanwhile is left alone."""
    held = Job.objects.filter(state="running").exclude(held_by="").values_list("lease_token", "held_by")
    return [token for token, holder in held if token and processes.is_gone(holder)]
