"""Which process holds a job, so that the work of a killed one is taken up at once instead of when its lease runs out.

A holder names its machine (boot and process namespace, so that two containers are two machines), its process id and the
moment the process started, which tells it from a later one with the same id. Where the kernel does not tell (no
`/proc`), the holder is empty and the lease alone decides.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")
NAMESPACE = Path("/proc/self/ns/pid")


def this_process() -> str:
    """ "MACHINE/PID/STARTED", or "" where that cannot be told."""
    started = _started(os.getpid())
    return f"{_machine()}/{os.getpid()}/{started}" if _machine() and started else ""


def is_gone(holder: str) -> bool:
    """True only when the holder ran on this machine and is certainly not alive any more."""
    machine, _, process = holder.partition("/")
    pid, _, started = process.partition("/")
    if not holder or machine != _machine():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _started(int(pid)) not in {started, ""}


@cache
def _machine() -> str:
    try:
        return f"{BOOT.read_text().strip()}:{NAMESPACE.stat().st_ino}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """Clock ticks from boot to the start of the process (proc(5), stat, field 22); "dead" for one not yet reaped."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "dead" if fields[0] in "ZX" else fields[19]
