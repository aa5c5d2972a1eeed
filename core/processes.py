"""Which process it was, told from a later one with the same number: who holds a job, which server was started.

A token names the machine (boot and process namespace, so that two containers are two machines), the process id and the
moment the process started. So the work of a killed worker is taken up at once instead of when its lease runs out, and
nobody ends a stranger who has the number of a server of yesterday. Where the kernel does not tell (no `/proc`), the
token is empty. Standard library only: `config.setup` asks before anything is installed.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")
NAMESPACE = Path("/proc/self/ns/pid")
DEAD = "dead"


def this_process() -> str:
    """ "MACHINE/PID/STARTED", or "" where that cannot be told."""
    return token_of(os.getpid())


def token_of(pid: int) -> str:
    """ "MACHINE/PID/STARTED" of a process that lives here, else ""."""
    started = _started(pid)
    return f"{_machine()}/{pid}/{started}" if _machine() and started not in {"", DEAD} else ""


def living(token: str) -> int:
    """The number of that very process while it lives on this machine, else 0."""
    number = token.split("/")[1] if token.count("/") == 2 else ""
    return int(number) if number.isdecimal() and token_of(int(number)) == token else 0


def is_gone(token: str) -> bool:
    """True only when the process ran on this machine and is certainly not alive any more."""
    machine, _, process = token.partition("/")
    pid, _, started = process.partition("/")
    if not token or machine != _machine():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _started(int(pid)) not in {started, ""}


def group_of(leader: int) -> list[str]:
    """The tokens of the living processes in a group, its leader among them."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        fields = _fields(int(entry.name))
        if fields and int(fields[2]) == leader:
            found.append(token_of(int(entry.name)))
    return [token for token in found if token]


@cache
def _machine() -> str:
    try:
        return f"{BOOT.read_text().strip()}:{NAMESPACE.stat().st_ino}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """Clock ticks from boot to the start of the process (proc(5), stat, field 22); "dead" for one not yet reaped."""
    fields = _fields(pid)
    if not fields:
        return ""
    return DEAD if fields[0] in "ZX" else fields[19]


def _fields(pid: int) -> list[str]:
    """What stands in proc(5), stat, from field 3 (the state) on; nothing of a process that is not there."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
