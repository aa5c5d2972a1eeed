"""The public catalogue out of the page cache: how many requests two cores answer.

Granian runs as in `deploy/systemd` (two workers of four threads) beside a demo that holds data and broker; a load
generator asks from a process of its own. What counts is the processor time of the web server alone, so that neither the
generator nor somebody else's work on the machine changes the figure; the rate by the clock stands beside it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.demo import running_demo
from bench.figures import Figure, measurement
from config.environment import ROOT

CORES = 2
WORKERS, THREADS = 2, 4
CONNECTIONS = 16
WARM_SECONDS, SECONDS = 2, 8
PAGE = "/courses/"


@contextmanager
def _granian(data: Path) -> Iterator[tuple[psutil.Process, int]]:
    """The web server as production runs it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"]
    options = ["--port", str(port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    settings = {**os.environ, "XINGLIN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    with subprocess.Popen(
        [*command, *options, "--no-ws", "--log-level", "error", "config.wsgi:application"], cwd=ROOT, env=settings
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            yield psutil.Process(process.pid), port
        finally:
            process.terminate()
            process.wait(30)


def _wait(address: str, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 (loopback)
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


def _processor_seconds(process: psutil.Process) -> float:
    times = [member.cpu_times() for member in (process, *process.children(recursive=True))]
    return sum(spent.user + spent.system for spent in times)


def _load(port: int, seconds: float) -> dict[str, float]:
    """One run of `bench.load`; raises CalledProcessError when an answer was not 200."""
    command = [sys.executable, "-m", "bench.load", "127.0.0.1", str(port), PAGE, str(CONNECTIONS), str(seconds)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


@measurement("page-cache")
def catalogue_from_the_cache() -> Iterable[Figure]:
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)), _granian(Path(folder)) as (web, port):
        _load(port, WARM_SECONDS)
        before = _processor_seconds(web)
        told = _load(port, SECONDS)
        spent = _processor_seconds(web) - before
    if told["hits"] != told["answers"]:
        raise AssertionError(f"{told['answers'] - told['hits']:.0f} answers came from elsewhere than the page cache")
    cost = spent / told["answers"]
    beside = (
        f"{cost * 1000:.2f} ms CPU each; by the clock {told['answers'] / told['seconds']:.0f}/s with {WORKERS} workers"
        f" of {THREADS} threads, the load generator and everything else on {os.cpu_count()} cores"
    )
    yield Figure("/courses/ from the page cache", CORES / cost, "requests/s", 1500, at_most=False, beside=beside)
