"""How soon a demo answers that was started before and has nothing to set up."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bench.demo import running_demo
from bench.figures import Figure, measurement

TIMES = 3


@measurement("second-start")
def second_start() -> Iterable[Figure]:
    """From the command to the first answer of /readyz, by the clock: what its user waits."""
    taken: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        with running_demo(Path(folder)):
            pass
        for _time in range(TIMES):
            began = time.monotonic()
            with running_demo(Path(folder)):
                taken.append(time.monotonic() - began)
    beside = f"median of {TIMES}, {min(taken):.1f} to {max(taken):.1f}"
    yield Figure("second start to /readyz", statistics.median(taken), "s", 10, beside=beside)
