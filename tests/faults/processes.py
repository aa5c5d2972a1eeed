"""The processes of a running demo, read from /proc."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config.supervisor.death import MARK
from tests.journeys.running import RunningDemo

GONE_AFTER = 5.0  # seconds
BACK_AFTER = 30.0
FULL_TREE = 9  # processes below the supervisor; the workers fork after the site already answers


def mark_of(demo: RunningDemo) -> str:
    environment = Path(f"/proc/{demo.process.pid}/environ").read_bytes().split(b"\0")
    return next(word for word in environment if word.startswith(MARK.encode())).decode().partition("=")[2]


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descendants_of(pid: int) -> list[int]:
    found = children_of(pid)
    return found + [lower for child in found for lower in descendants_of(child)]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def output_of(pid: int) -> str:
    """Where its standard output goes; "" when it is gone."""
    try:
        return str(Path(f"/proc/{pid}/fd/1").readlink())
    except OSError:
        return ""


def service_of(demo: RunningDemo, log: str) -> int | None:
    """The process id of the service that writes `logs/LOG`; None while there is none."""
    wanted = str((demo.data / "logs" / log).resolve())
    return _first(demo, lambda output: output == wanted)


def worker_of(demo: RunningDemo) -> int | None:
    """The worker of a demo on another disk, whose paths are not ours; its children are in its process group."""
    return _first(demo, lambda output: output.endswith("/worker.log"))


def guardian_of(demo: RunningDemo) -> int | None:
    """The one child that writes no log of a service: it reads the lifeline. None while there is none."""
    logs = str((demo.data / "logs").resolve())
    return _first(demo, lambda output: not output.startswith(logs))


def _first(demo: RunningDemo, is_it: Callable[[str], bool]) -> int | None:
    return next((pid for pid in children_of(demo.process.pid) if is_it(output_of(pid)) and is_alive(pid)), None)


def there(look: Callable[[], int | None]) -> int:
    """The process `look` finds, which may be on its way back from an end before.

    A signal is only ever sent to what this answers: number 0 would be the process group of the tests themselves.
    """
    end = time.monotonic() + BACK_AFTER
    while (pid := look()) is None:
        assert time.monotonic() < end, f"no such process within {BACK_AFTER} s"
        time.sleep(0.1)
    return pid


@contextmanager
def stopped(group: int) -> Iterator[None]:
    """A process and its children stand still while it lasts, or until somebody ends them meanwhile."""
    os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGCONT)


def wait_until(holds: Callable[[], bool], seconds: float, instead: Callable[[], str] = str) -> None:
    """`instead` says what stands there when the time is over."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s {instead()}"
        time.sleep(0.1)
