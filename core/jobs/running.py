"""Run a job under a lease.

The worker takes the row by a conditional update, keeps it by heartbeats and finishes it only while the lease token is
still its own. A worker that is killed leaves a row whose holder is no more, or at last a lease that runs out; the
reaper sends it back to the queue.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from core import processes
from core.errors import XinglinError
from core.full_disk import StorageFull, is_full_disk
from core.jobs.errors import LeaseLost, Permanent
from core.jobs.events import JobGaveUp
from core.jobs.models import Job
from core.jobs.registry import LONGEST_RETRY, kind_of, pause_after
from core.outbox import publish
from core.tracing import places_of

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10.0
SPACE_RETRY = timedelta(seconds=15)
SPACE_SECONDS = 2.0  # between two tries to record an outcome on a full disk


class JobContext:
    """What a running job may know and say. `clock` is read at this edge only, so that jobs stay testable."""

    def __init__(self, row: Job, token: UUID, clock: Callable[[], datetime]) -> None:
        self.job_id = row.pk
        self.actor_id = row.actor_id
        self.organisation_path = row.organisation_path
        self.attempt = row.attempts
        self._token = token
        self._clock = clock
        self._lease = timedelta(seconds=row.lease_seconds)
        self._last = time.monotonic()

    def now(self) -> datetime:
        return self._clock()

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Say how far it is. Written at most every ten seconds and at the end; also renews the lease.

        Raises LeaseLost when another worker has taken over.
        """
        if done < total and time.monotonic() - self._last < HEARTBEAT_SECONDS:
            return
        self._last = time.monotonic()
        self._renew(done=done, total=total, note=note[:120])

    def heartbeat(self) -> None:
        """Renew the lease inside a long step without a count."""
        if time.monotonic() - self._last >= HEARTBEAT_SECONDS:
            self._last = time.monotonic()
            self._renew()

    def _renew(self, **fields: Any) -> None:
        held = Job.objects.filter(pk=self.job_id, state="running", lease_token=self._token)
        if not held.update(lease_until=self._clock() + self._lease, **fields):
            raise LeaseLost(str(self.job_id))


def run_job(job_id: UUID, *, clock: Callable[[], datetime] = timezone.now) -> str:
    """Take the job if it is due and free, run it, record the outcome. Returns the state it is in afterwards."""
    row, token = _take(job_id, clock())
    if row is None:
        return Job.objects.filter(pk=job_id).values_list("state", flat=True).first() or "unknown"
    kind = kind_of(row.name)
    if kind is None:
        return _give_up(row, token, clock(), "unknown_job", f"No function is registered for {row.name}.")
    try:
        result = kind(JobContext(row, token, clock), **row.arguments)
    except LeaseLost:
        log.warning("lease of %s was lost", row)
        return "running"
    except Permanent as error:
        return _give_up(row, token, clock(), error.code, str(error.message))
    except Exception as error:  # the outcome is recorded and retried
        return _failed(row, token, clock(), error)
    finished = {"state": "succeeded", "result": result or {}, "finished_at": clock()}
    return _settle(row, token, {**finished, "error_code": "", "error_text": ""})


def _take(job_id: UUID, now: datetime) -> tuple[Job | None, UUID]:
    token = uuid.uuid4()
    with transaction.atomic():
        free = Job.objects.filter(pk=job_id, state="queued", run_after__lte=now)
        taken = free.update(
            state="running", lease_token=token, attempts=F("attempts") + 1, started_at=now, lease_until=None
        )
        if not taken:
            return None, token
        row = Job.objects.get(pk=job_id)
        row.lease_until = now + timedelta(seconds=row.lease_seconds)
        row.held_by = processes.this_process()
        row.save(update_fields=["lease_until", "held_by"])
    return row, token


def _failed(row: Job, token: UUID, now: datetime, error: Exception) -> str:
    """A full disk is nobody's fault: the attempt does not count, however long it takes until there is space."""
    if is_full_disk(error):
        log.warning("%s waits for space on the disk", row)
        later = {"attempts": row.attempts - 1, "run_after": now + SPACE_RETRY, "woken_at": None}
        return _settle(row, token, {"state": "queued", "error_code": StorageFull.code, "error_text": "", **later})
    if isinstance(error, XinglinError):
        return _retry_or_give_up(row, token, now, error.code, error.sentence())
    log.error("%s failed, attempt %s: %s\n%s", row, row.attempts, type(error).__name__, places_of(error))
    return _retry_or_give_up(row, token, now, type(error).__name__, "")


def _settle(row: Job, token: UUID, fields: dict[str, Any]) -> str:
    """Record the outcome. On a full disk it is tried until the lease has run out: then the job is run again."""
    end = time.monotonic() + row.lease_seconds
    while True:
        try:
            return _settle_once(row, token, fields)
        except OperationalError as error:
            if not is_full_disk(error) or time.monotonic() > end:
                raise
            time.sleep(SPACE_SECONDS)


def _settle_once(row: Job, token: UUID, fields: dict[str, Any]) -> str:
    held = Job.objects.filter(pk=row.pk, state="running", lease_token=token)
    with transaction.atomic():
        if not held.update(lease_token=None, lease_until=None, held_by="", **fields):
            log.warning("%s was taken over before it could be settled", row)
            return "running"
        if fields["state"] == "dead":
            publish(JobGaveUp(job_id=row.pk, name=row.name), now=fields["finished_at"])
    return str(fields["state"])


def _give_up(row: Job, token: UUID, now: datetime, code: str, text: str) -> str:
    return _settle(row, token, {"state": "dead", "finished_at": now, "error_code": code[:60], "error_text": text[:500]})


def _retry_or_give_up(row: Job, token: UUID, now: datetime, code: str, text: str) -> str:
    if row.attempts >= row.max_attempts:
        return _give_up(row, token, now, code, text)
    kind = kind_of(row.name)
    pause = pause_after(row.attempts, kind.longest_pause if kind else LONGEST_RETRY)
    return _settle(
        row,
        token,
        {
            "state": "queued",
            "run_after": now + pause,
            "woken_at": None,
            "error_code": code[:60],
            "error_text": text[:500],
        },
    )
