"""The Celery side of jobs: a wake-up after commit, and the reaper that finds what was lost."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core.jobs import reaping, running

log = logging.getLogger(__name__)


def wake(job_id: UUID, queue: str) -> None:
    """Ask a worker to run it now. A broker that is down or full costs only time: the reaper finds the row."""
    if not settings.CELERY_BROKER_URL:
        return  # a management command without a broker must not wait for one
    try:
        run.apply_async(args=(str(job_id),), queue=queue, retry=False)
    except (OperationalError, RedisError, OSError):
        log.warning("broker not reachable; job %s waits for the reaper", job_id)


@shared_task(name="core.jobs.run")
def run(job_id: str) -> str:
    return running.run_job(UUID(job_id))


@shared_task(name="core.jobs.reap")
def reap(is_fresh: bool = False) -> int:
    """Wake every due job; returns how many. `is_fresh`: the worker has just started, see `reaping.reap`."""
    due = reaping.reap(timezone.now(), is_fresh=is_fresh)
    for job_id, queue in due:
        wake(job_id, queue)
    return len(due)
