"""Ask for work, and read how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core.actor import Actor
from core.jobs.errors import JobNotFound
from core.jobs.models import Job
from core.jobs.registry import JobKind, kind_of
from core.jobs.selectors import jobs_of


@dataclass(frozen=True, slots=True)
class JobStatus:
    """`done` of `total` items; `error_sentence` is empty unless the state is dead."""

    id: UUID
    state: str
    done: int
    total: int
    note: str
    error_code: str
    error_sentence: str
    result: dict[str, Any]
    actor_id: UUID | None

    @property
    def is_finished(self) -> bool:
        return self.state in {"succeeded", "dead"}


def enqueue(
    kind: JobKind,
    *,
    now: datetime,
    arguments: dict[str, Any],
    actor_id: UUID | None = None,
    organisation_path: str = "",
    key: str | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Insert a job in the current transaction; a worker is woken after commit.

    `arguments` are JSON values, ids as strings. With `key` the call is idempotent: the row that exists is returned.
    Must be called inside `transaction.atomic`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("enqueue() belongs inside the business transaction")
    fields = {
        "name": kind.name,
        "queue": kind.queue,
        "arguments": arguments,
        "max_attempts": kind.max_attempts,
        "lease_seconds": kind.lease_seconds,
        "run_after": run_after or now,
        "woken_at": None if run_after else now,
        "created_at": now,
        "actor_id": actor_id,
        "organisation_path": organisation_path,
    }
    if key is None:
        row, is_new = Job.objects.create(**fields), True
    else:
        row, is_new = Job.objects.get_or_create(key=key, defaults=fields)
    if is_new and run_after is None:
        from core.jobs.tasks import wake

        transaction.on_commit(lambda: wake(row.pk, row.queue))
    return row


def get_job(job_id: UUID) -> JobStatus:
    """Raises JobNotFound."""
    row = Job.objects.filter(pk=job_id).first()
    if row is None:
        raise JobNotFound
    return _status(row)


def newest_job(key_start: str) -> JobStatus | None:
    """The job that was enqueued last of those whose key begins like this; None when there is none."""
    row = Job.objects.filter(key__startswith=key_start).order_by("-created_at", "-id").first()
    return _status(row) if row else None


def dead_keys(keys: Iterable[str]) -> set[str]:
    """Those of these keys whose job gave up. One query."""
    rows = Job.objects.filter(key__in=list(keys), state="dead")
    return {key for key in rows.values_list("key", flat=True) if key}


def live_keys(keys: Iterable[str]) -> set[str]:
    """Those of these keys whose job waits or runs. One query."""
    rows = Job.objects.filter(key__in=list(keys), state__in=("queued", "running"))
    return {key for key in rows.values_list("key", flat=True) if key}


def _status(row: Job) -> JobStatus:
    shown = (row.done, row.total, row.note, row.error_code, row.error_text, row.result or {})
    return JobStatus(row.pk, row.state, *shown, row.actor_id)


def try_again(*, actor: Actor, permission: str, job_id: UUID, now: datetime) -> None:
    """An administrator has a dead job of the own organisations tried again; a second click finds it waiting.

    Raises JobNotFound.
    """
    from core.audit import record

    with transaction.atomic():
        row = jobs_of(actor, permission).select_for_update().filter(pk=job_id).first()
        if row is None:
            raise JobNotFound
        if row.state != "dead":
            return
        revive(job_id=row.pk, now=now)
        record(
            action="job.revived", actor=actor, subject_type="job", subject_id=row.pk,
            organisation_path=row.organisation_path, details={"job": row.name, "code": row.error_code}, now=now,
        )  # fmt: skip


def revive(*, job_id: UUID, now: datetime) -> None:
    """Give a dead job a new set of attempts. Raises WrongState when it is not dead, JobNotFound when unknown."""
    from core.jobs.states import JOB
    from core.jobs.tasks import wake

    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=job_id).first()
        if row is None:
            raise JobNotFound
        row.state = JOB.check(row.state, "revive")
        kind = kind_of(row.name)
        row.max_attempts = kind.max_attempts if kind else row.max_attempts
        row.attempts, row.run_after, row.error_code, row.error_text, row.finished_at = 0, now, "", "", None
        row.save()
        transaction.on_commit(lambda: wake(row.pk, row.queue))
