"""CPU, queries and memory of one operation, robust against a noisy machine: medians of many runs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over the runs: CPU and wall milliseconds; queries of one run."""

    cpu_ms: float
    wall_ms: float
    queries: int


def cost_of(operation: Callable[[], Any], *, runs: int = 40, warm_up: int = 5) -> Cost:
    """Run `operation` `warm_up` + `runs` times in this process and take medians."""
    for _run in range(warm_up):
        operation()
    with CaptureQueriesContext(connection) as captured:
        operation()
    queries = len(captured)  # the next request empties the log
    cpu, wall = [], []
    for _run in range(runs):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        operation()
        cpu.append((time.process_time() - cpu_start) * 1000)
        wall.append((time.perf_counter() - wall_start) * 1000)
    return Cost(statistics.median(cpu), statistics.median(wall), queries)
