"""Which functions may run as jobs, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.jobs.running import JobContext

FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=15)
A_DAY = timedelta(hours=24)
DOUBLINGS = 20  # more would be no pause that a clock can hold

JobFunction = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """`lease_seconds` is how long a silent worker keeps the job before another may take it; `longest_pause` is what the
    pauses between attempts grow to."""

    name: str
    function: JobFunction
    queue: str
    max_attempts: int
    lease_seconds: int
    longest_pause: timedelta = LONGEST_RETRY

    def __call__(self, context: JobContext, **arguments: Any) -> dict[str, Any] | None:
        return self.function(context, **arguments)


_kinds: dict[str, JobKind] = {}


def pause_after(attempt: int, longest: timedelta) -> timedelta:
    """How long to wait after the attempt of this number (from 1) has failed: twice as long each time."""
    return min(FIRST_RETRY * 2 ** min(attempt - 1, DOUBLINGS), longest)


def attempts_within(span: timedelta, longest: timedelta) -> int:
    """How many attempts are made until their pauses have filled `span`."""
    waited, attempt = timedelta(0), 1
    while waited < span:
        waited += pause_after(attempt, longest)
        attempt += 1
    return attempt


def job(
    name: str, *, queue: str = "default", max_attempts: int = 5, lease_seconds: int = 120,
    retry_for: timedelta | None = None, longest_pause: timedelta = LONGEST_RETRY,
) -> Callable[[JobFunction], JobKind]:  # fmt: skip
    """Register an idempotent function `(context, **arguments)`. Raises ValueError when the name is taken.

    `retry_for` stands for `max_attempts` where what counts is how long the other side may be away.
    """
    attempts = attempts_within(retry_for, longest_pause) if retry_for else max_attempts

    def register(function: JobFunction) -> JobKind:
        if name in _kinds:
            raise ValueError(f"job {name} is registered twice")
        _kinds[name] = JobKind(name, function, queue, attempts, lease_seconds, longest_pause)
        return _kinds[name]

    return register


def kind_of(name: str) -> JobKind | None:
    return _kinds.get(name)


def queues() -> set[str]:
    """Every queue that a registered job names: what a worker has to listen to."""
    return {kind.queue for kind in _kinds.values()}
