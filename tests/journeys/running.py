"""A real demo for the tests: `bin/demo` on a free port with a data folder of its own, the story told once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 600  # a cold template on a busy machine; it is only waited for when it does not come
STOP_SECONDS = 30
WHOLE_RUN = 720  # minutes


def free_port() -> int:
    """A loopback port that was free a moment ago; the demo also needs the one after it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RunningDemo:
    """The process (None when somebody else started it), where it answers and where its data lie."""

    process: subprocess.Popen[str] | None
    base_url: str
    data: Path
    log: Path

    def stop(self) -> None:
        """As Ctrl-C would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(STOP_SECONDS)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base_url}/readyz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def running_at(base_url: str, data: Path) -> RunningDemo:
    """A demo that somebody else started; it is left running."""
    return RunningDemo(None, base_url.rstrip("/"), data, data / "logs" / "web.log")


def start_demo(
    data: Path,
    port: int | None = None,
    entering: Sequence[str] = (),
    log: Path | None = None,
    idle_minutes: float | None = WHOLE_RUN,
) -> RunningDemo:
    """Start it and wait until it is ready. `entering` stands before the command; what it prints goes to `log`.

    People are signed in once for a whole run, and some have nothing to do for long: `idle_minutes` lets them; None is
    the house's own time.
    Raises AssertionError with the log's end when it does not come up.
    """
    port = port or free_port()
    if not entering:
        data.mkdir(parents=True, exist_ok=True)
    log = log or data.parent / f"{data.name}.log"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("XINGLIN_", "DJANGO_"))}
    if idle_minutes is not None:
        environment["XINGLIN_IDLE_MINUTES"] = environment["XINGLIN_IDLE_MINUTES_LEARNING"] = str(idle_minutes)
    with log.open("w") as out:
        process = subprocess.Popen(
            [*entering, sys.executable, str(ROOT / "bin" / "demo"), "--port", str(port), "--data", str(data)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            text=True,
        )
    demo = RunningDemo(process, f"http://127.0.0.1:{port}", data, log)
    deadline = time.monotonic() + START_SECONDS
    while not demo.is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            demo.stop()
            raise AssertionError(f"the demo did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.3)
    return demo


def tell_story(demo: RunningDemo) -> str:
    """Walk the whole story over HTTP, every form sent twice; its lines. Raises AssertionError when a step fails: one
    is done twice, or the second click is led elsewhere than the first."""
    told = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "story", "--twice", "--base-url", demo.base_url],
        env={**os.environ, "XINGLIN_DATA": str(demo.data), "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if told.returncode:
        raise AssertionError(f"the story failed:\n{told.stdout[-4000:]}\n{told.stderr[-4000:]}")
    return told.stdout
