"""The sealer's own round. It is no task: behind long jobs in a worker's queue a seal would come minutes late."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from core.audit.sealing import seal_pending

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds


def keep_sealing(end: Event, every: float = EVERY, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Seal each `every` seconds until `end` is set. A round that fails by database or disk is made up by the next."""
    while not end.wait(every):
        close_old_connections()
        try:
            seal_pending(now=clock())
        except (DatabaseError, OSError):
            log.exception("the audit trail was not sealed in this round")
    close_old_connections()
