"""Calls that meet: each in a thread with a database connection of its own, all of them held at one lock until the last
has come.

Nothing sleeps and no time is asserted. The caller's connection locks some rows; a call is started when the one before
waits at a lock (PostgreSQL tells), so the first comes first. Without the guard that a test is about, the calls wait at
their writes instead, and have read the same state by then: the test fails every time, not now and then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

Call = Callable[[], Any]

#: Seconds until a call that neither ends nor waits is given up; a busy machine needs a few.
PATIENCE = 120
PAUSE = 0.02

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = %s"


def racing(test: Callable[..., None]) -> Callable[..., None]:
    """A test of this folder: on PostgreSQL only, without a transaction around it, and the first data is put back."""
    marked = pytest.mark.django_db(transaction=True, serialized_rollback=True)(test)
    return pytest.mark.production(marked)


class Runner(threading.Thread):
    """One call. `outcome` is what it returned, or the exception that it raised."""

    def __init__(self, call: Call) -> None:
        super().__init__(daemon=True)
        self.call = call
        self.outcome: Any = None
        self.process = 0
        self.is_connected = threading.Event()

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.process = connection.connection.info.backend_pid
            self.is_connected.set()
            self.outcome = self.call()
        except Exception as error:  # a refusal is an outcome like another; the test says which it expects
            self.outcome = error
        finally:
            self.is_connected.set()
            connection.close()

    def is_held(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WAITING, [self.process])
            return bool(cursor.fetchone()[0])

    def come(self) -> None:
        """Start, and return when the call waits at a lock, or has ended without one."""
        self.start()
        self.is_connected.wait(PATIENCE)
        for _turn in range(round(PATIENCE / PAUSE)):
            self.join(PAUSE)
            if not self.is_alive() or self.is_held():
                return
        raise AssertionError("a call neither ended nor waited at a lock")


def at_once(*calls: Call, held: QuerySet[Any]) -> list[Any]:
    """What each call returned or raised, in their order, when all of them met at the rows of `held`."""
    runners = [Runner(call) for call in calls]
    with transaction.atomic():
        assert list(held.order_by().select_for_update(of=("self",)).values_list("pk", flat=True))
        for runner in runners:
            runner.come()
    for runner in runners:
        runner.join(PATIENCE)
        assert not runner.is_alive(), "a call did not end"
    return [runner.outcome for runner in runners]
