"""What hangs is ended, with all that it started, and the run goes on.

Every command of a stage carries a mark in its environment, which its children inherit wherever they move: into another
session, another process group, another parent. Servers of `bin/services` are started without it and stay.
"""

from __future__ import annotations

import math
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

from config.setup.folders import ROOT
from config.supervisor.death import members, sweep

MARK = "BIN_TEST_STAGE"
#: Signals before SIGKILL, and the seconds after each: pytest tells what it knows, a demo stops in order.
POLITELY = ((signal.SIGINT, 30.0), (signal.SIGTERM, 10.0))
#: The same where the terminal's Ctrl-C has reached everybody already; signal 0 is none.
TOLD = ((0, 30.0), (signal.SIGTERM, 10.0))


class GaveUp(BaseException):
    """The time is over. Not an Exception: nobody on the way up takes it for one of their own troubles."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises GaveUp in the middle of the block when it lasts longer. For the main thread, one block at a time."""
    if math.isinf(seconds):
        yield
        return
    if seconds <= 0:
        raise GaveUp("not begun: the whole run has taken too long")

    def give_up(*_signal: Any) -> None:
        raise GaveUp(f"gave up after {seconds / 60:.0f} min" if seconds >= 60 else f"gave up after {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def follow(
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    hear: Callable[[str], None] | None = None,
    politely: Sequence[tuple[int, float]] = POLITELY,
) -> int:
    """Run a command to its end, `hear` each line it prints, return its status. Whatever interrupts us ends it first."""
    mark = secrets.token_hex(12)
    marked = {**(os.environ if env is None else env), MARK: mark}
    out = subprocess.PIPE if hear else None
    # Not as a context: leaving it would wait for whoever still holds the pipe.
    process = subprocess.Popen(
        command, cwd=ROOT, env=marked, stdout=out, text=True, errors="replace", preexec_fn=_hear_interrupts
    )
    listening = Thread(target=_listen, args=(process, hear), daemon=True)
    try:
        listening.start()
        status = process.wait()
        listening.join()
    except BaseException as reason:
        end(process, mark, TOLD if isinstance(reason, KeyboardInterrupt) else politely)
        if listening.is_alive():
            listening.join(5)
        raise
    return status


def _hear_interrupts() -> None:
    """A run in the background of a shell ignores SIGINT, and so would all that it starts: nothing would tell a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _listen(process: subprocess.Popen[str], hear: Callable[[str], None] | None) -> None:
    if process.stdout is not None and hear is not None:
        with process.stdout:
            for line in process.stdout:
                hear(line)


def end(process: subprocess.Popen[str], mark: str, politely: Sequence[tuple[int, float]]) -> None:
    """Ask everything that carries the mark to stop, ever less politely, until nothing of it is left."""
    for number, seconds in politely:
        for pid in members(mark, MARK):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        over = time.monotonic() + seconds
        while time.monotonic() < over:
            if process.poll() is not None and not members(mark, MARK):
                return
            time.sleep(0.2)
    process.kill()
    sweep(mark, frozenset(), MARK)
    process.poll()
