"""The sealer's own round. It is no task: behind long jobs in a worker's queue a seal would come minutes late."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

from django.db import close_old_connections
from django.utils import timezone

from core.audit.sealing import seal_pending

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds

Clock = Callable[[], datetime]


def keep_sealing(end: Event, every: float = EVERY, *, clock: Clock = timezone.now) -> bool:
    """Seal each `every` seconds until `end` is set, and once more then. Returns whether that last round succeeded.

    Whatever a round raises ends nothing: the next one makes it up. Each kind of trouble is logged once until a round
    succeeds again.
    """
    troubles: set[type[Exception]] = set()
    while not end.wait(every):
        _seal(clock, troubles)
    try:
        return _seal(clock, troubles)
    finally:
        close_old_connections()


def seal_once_more() -> bool:
    """For whoever stops the services: what the last of them recorded. Returns whether the round succeeded."""
    end = Event()
    end.set()
    return keep_sealing(end)


def _seal(clock: Clock, troubles: set[type[Exception]]) -> bool:
    """One round. `troubles` is what was logged since the last one that succeeded."""
    try:
        close_old_connections()
        seal_pending(now=clock())
    except Exception as error:  # a sealer that ended would be missed only with the next verify_audit
        if type(error) not in troubles:
            log.exception("the audit trail was not sealed in this round; the next one tries again")
        troubles.add(type(error))
        return False
    if troubles:
        log.warning("the audit trail is sealed again")
        troubles.clear()
    return True
