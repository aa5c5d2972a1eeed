"""What happens to jobs that their owners cannot see from inside them."""

from dataclasses import dataclass
from uuid import UUID

from core.outbox import Event


@dataclass(frozen=True)
class JobGaveUp(Event):
    """A job is dead: it failed too often, or the worker that held it was lost too often. `name` says what it was."""

    job_id: UUID
    name: str
