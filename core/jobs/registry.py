"""Which functions may run as jobs, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.jobs.running import JobContext

JobFunction = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """`lease_seconds` is how long a silent worker keeps the job before another may take it."""

    name: str
    function: JobFunction
    queue: str
    max_attempts: int
    lease_seconds: int

    def __call__(self, context: JobContext, **arguments: Any) -> dict[str, Any] | None:
        return self.function(context, **arguments)


_kinds: dict[str, JobKind] = {}


def job(
    name: str, *, queue: str = "default", max_attempts: int = 5, lease_seconds: int = 120
) -> Callable[[JobFunction], JobKind]:
    """Register an idempotent function `(context, **arguments)`. Raises ValueError when the name is taken."""

    def register(function: JobFunction) -> JobKind:
        if name in _kinds:
            raise ValueError(f"job {name} is registered twice")
        _kinds[name] = JobKind(name, function, queue, max_attempts, lease_seconds)
        return _kinds[name]

    return register


def kind_of(name: str) -> JobKind | None:
    return _kinds.get(name)


def queues() -> set[str]:
    """Every queue that a registered job names: what a worker has to listen to."""
    return {kind.queue for kind in _kinds.values()}
