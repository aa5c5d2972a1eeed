"""Durable background work: a row in the business transaction, a lease, heartbeats, a reaper, dead letters."""

from typing import TYPE_CHECKING, Any

from core.jobs.errors import JobNotFound, LeaseLost, Permanent
from core.jobs.registry import A_DAY, JobKind, job

if TYPE_CHECKING:
    from core.jobs.service import JobStatus, dead_keys, enqueue, get_job, live_keys, newest_job, revive

__all__ = [
    "A_DAY",
    "JobKind",
    "JobNotFound",
    "JobStatus",
    "LeaseLost",
    "Permanent",
    "dead_keys",
    "enqueue",
    "get_job",
    "job",
    "live_keys",
    "newest_job",
    "revive",
]


def __getattr__(name: str) -> Any:
    """What needs the models is loaded when it is first used, after the app registry is ready."""
    if name in {"JobStatus", "dead_keys", "enqueue", "newest_job", "get_job", "live_keys", "revive"}:
        from core.jobs import service

        return getattr(service, name)
    raise AttributeError(name)
