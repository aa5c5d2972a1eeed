"""Find work that nobody holds any more and put it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from core.jobs.models import Job

BATCH = 200
WAKE_AGAIN = timedelta(seconds=30)  # so that a long queue does not fill the broker with repeated wake-ups


def reap(now: datetime) -> list[tuple[UUID, str]]:
    """Return leases that ran out to the queue (or to the dead letters), and name every due job as (id, queue)."""
    expired = Job.objects.filter(state="running", lease_until__lt=now)
    expired.filter(attempts__gte=F("max_attempts")).update(
        state="dead",
        finished_at=now,
        lease_token=None,
        error_code="worker_lost",
        error_text="The worker ended before the work was finished, too many times.",
    )
    expired.update(state="queued", run_after=now, woken_at=None, lease_token=None, lease_until=None)
    asleep = Q(woken_at__isnull=True) | Q(woken_at__lt=now - WAKE_AGAIN)
    waiting = Job.objects.filter(asleep, state="queued", run_after__lte=now).order_by("run_after")
    due = list(waiting.values_list("pk", "queue")[:BATCH])
    Job.objects.filter(pk__in=[job_id for job_id, _queue in due]).update(woken_at=now)
    return due
