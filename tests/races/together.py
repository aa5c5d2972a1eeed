"""Calls that meet: each in a thread with a database connection of its own.

Nothing sleeps for luck and no time is asserted. A call stands still at each of its commits; the next one is started
then, and goes as far as it can while nothing of the first is to be seen yet: to its end, to a commit of its own, or to
a lock that the first one holds (PostgreSQL tells). Only then may the first commit. So a guard that is missing is
missed every time: the second has read what the first was about to change.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

Call = Callable[[], Any]

#: Seconds until calls that neither end nor wait are given up.
PATIENCE = 120
PAUSE = 0.02

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = %s"


def racing(test: Callable[..., None]) -> Callable[..., None]:
    """A test of this folder: on PostgreSQL only, without a transaction around it."""
    return pytest.mark.production(pytest.mark.django_db(transaction=True)(test))


def at_once(*calls: Call) -> list[Any]:
    """What each call returned or raised, in their order."""
    runners: list[Runner] = []
    for call in calls:
        runners.append(Runner(call))
        runners[-1].start()
        _wait_until(lambda: all(runner.stands() for runner in runners))
    _wait_until(lambda: _is_over(runners))
    return [runner.outcome for runner in runners]


class Runner(threading.Thread):
    """One call. `outcome` is what it returned, or the exception that it raised."""

    def __init__(self, call: Call) -> None:
        super().__init__(daemon=True)
        self.call = call
        self.outcome: Any = None
        self.process = 0
        self.is_at_commit = threading.Event()
        self._may_commit = threading.Event()

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.process = connection.connection.info.backend_pid
            self._stand_still_before(connection.commit)
            self.outcome = self.call()
        except Exception as error:  # a refusal is an outcome like another; the test says which it expects
            self.outcome = error
        finally:
            connection.close()

    def _stand_still_before(self, commit: Call) -> None:
        def commit_when_told() -> None:
            self.is_at_commit.set()
            assert self._may_commit.wait(PATIENCE), "nobody let this call commit"
            self._may_commit.clear()
            commit()

        connection.commit = commit_when_told  # type: ignore[method-assign]  # of this thread's connection alone

    def let_commit(self) -> None:
        self.is_at_commit.clear()
        self._may_commit.set()

    def stands(self) -> bool:
        """Whether it does nothing now: it has ended, is at a commit, or waits for another's lock."""
        return not self.is_alive() or self.is_at_commit.is_set() or self._is_held()

    def _is_held(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WAITING, [self.process])
            return bool(cursor.fetchone()[0])


def _is_over(runners: list[Runner]) -> bool:
    """Let the latest one commit of those that are at a commit, if all of them stand."""
    if all(runner.stands() for runner in runners):
        for runner in reversed(runners):
            if runner.is_at_commit.is_set():
                runner.let_commit()
                break
    return not any(runner.is_alive() for runner in runners)


def _wait_until(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _turn in range(round(PATIENCE / PAUSE)):
        if is_so():
            return
        pause.wait(PAUSE)
    raise AssertionError("the calls neither ended nor met")
