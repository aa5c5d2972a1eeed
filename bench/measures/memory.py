"""The demo at rest: the memory of its whole process tree after a minute in which nobody asks for anything."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from bench.demo import running_demo
from bench.figures import Figure, measurement

IDLE_SECONDS = 60
MIB = 2**20


def proportional_set_size(process: psutil.Process) -> int:
    """PSS in bytes of one process (shared pages divided by their users; proc(5), smaps_rollup)."""
    try:
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass  # it has ended meanwhile
    return 0


@measurement("memory")
def demo_at_rest() -> Iterable[Figure]:
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as process:
        time.sleep(IDLE_SECONDS)
        tree = [process, *process.children(recursive=True)]
        # the broker is started apart, so that it outlives a restarted web process: find it by its data folder
        tree += [p for p in psutil.process_iter(["cmdline"]) if _is_ours(p, folder) and p not in tree]
        total = sum(proportional_set_size(member) for member in tree) / MIB
    beside = f"{len(tree)} processes, idle {IDLE_SECONDS} s, {os.cpu_count()} cores"
    yield Figure("demo at rest", total, "MiB PSS", 700, beside=beside)


def _is_ours(process: psutil.Process, folder: str) -> bool:
    return any(folder in part for part in process.info["cmdline"] or [])
