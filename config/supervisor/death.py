"""How a process ends with its parent, and how a whole tree ends when its supervisor is killed.

Two nets, since neither alone is enough: every process asks the kernel for SIGKILL when its parent dies
(`PR_SET_PDEATHSIG`, see prctl(2)), and a guardian outside the tree reads a lifeline pipe whose writing end only the
supervisor holds. At its end the guardian kills everything that carries the tree's mark in its environment, which
reaches also what a library started without the first net.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
MARK = "XINGLIN_TREE"
SWEEP_SECONDS = 4.0


def die_with_parent(parent: int) -> None:
    """SIGKILL for this process as soon as `parent` is gone; at once when it is gone already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def members(mark: str, variable: str = MARK) -> list[int]:
    """Processes of this user that were started with `XINGLIN_TREE=mark` (or another variable) in their environment."""
    wanted = f"{variable}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:  # another user's, or gone by now
                continue
    return found


def sweep(mark: str, spare: frozenset[int], variable: str = MARK) -> None:
    """Kill every member of the tree but `spare`, again and again until none is left or the time is over."""
    end = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < end:
        victims = [pid for pid in members(mark, variable) if pid not in spare]
        if not victims:
            return
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.1)


def guard(lifeline: int, mark: str, supervisor: int, runtime: Path, address: Path | None) -> None:
    """The guardian's whole life: wait for the end of the lifeline, sweep, remove the runtime folder and the address.

    A byte on the lifeline says that the supervisor stopped in good order; it is then spared.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    ended_well = os.read(lifeline, 1)
    spare = frozenset({os.getpid()} | ({supervisor} if ended_well else set()))
    sweep(mark, spare)
    shutil.rmtree(runtime, ignore_errors=True)
    if address:
        address.unlink(missing_ok=True)
