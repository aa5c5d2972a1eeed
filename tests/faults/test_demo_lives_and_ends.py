"""The demo's processes: what dies is started again, and when the demo ends nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.supervisor.death import MARK, members
from tests.journeys.running import ROOT, RunningDemo, free_port

GONE_AFTER = 5.0  # seconds
BACK_AFTER = 30.0
FULL_TREE = 9  # processes below the supervisor; the workers fork after the site already answers

Start = Callable[[], RunningDemo]


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


def service(demo: RunningDemo, log: str) -> int:
    """The process id of the service that writes `logs/LOG`."""
    wanted = (demo.data / "logs" / log).resolve()
    for pid in children_of(demo.process.pid):
        if Path(f"/proc/{pid}/fd/1").resolve() == wanted:
            return pid
    raise AssertionError(f"no service writes {wanted}")


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


def run_demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "bin" / "demo"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_kill_9_leaves_no_process(start: Start) -> None:
    # given a running demo, and a process that a library started in a session of its own
    demo = start()
    wait_until(lambda: len(descendants_of(demo.process.pid)) >= FULL_TREE, BACK_AFTER)
    mark, tree = mark_of(demo), descendants_of(demo.process.pid)
    stray = subprocess.Popen(["sleep", "300"], env={**os.environ, MARK: mark}, start_new_session=True)
    # when the supervisor is killed
    demo.process.kill()
    demo.process.wait()
    # then nothing of it is alive five seconds later, and its socket and address are gone
    wait_until(lambda: not any(map(is_alive, tree)) and not members(mark), GONE_AFTER)
    assert stray.wait(1) == -signal.SIGKILL
    assert not (demo.data / "broker" / "url").exists()


def test_ctrl_c_ends_everything_and_the_data_stay(start: Start) -> None:
    # given
    demo = start()
    tree = descendants_of(demo.process.pid)
    # when
    demo.process.send_signal(signal.SIGINT)
    # then
    assert demo.process.wait(30) == 0
    assert not any(map(is_alive, tree))
    assert (demo.data / "db.sqlite3").is_file()


@pytest.mark.parametrize("log", ["web.log", "websockets.log", "worker.log", "beat.log", "broker.log"])
def test_a_dead_service_is_started_again(start: Start, log: str) -> None:
    # given
    demo = start()
    before = service(demo, log)
    # when
    os.kill(before, signal.SIGKILL)
    # then another process does its work
    wait_until(lambda: not is_alive(before), GONE_AFTER)
    wait_until(lambda: any(_writes(pid, demo.data / "logs" / log) for pid in children_of(demo.process.pid)), BACK_AFTER)
    wait_until(demo.is_ready, BACK_AFTER)
    assert service(demo, log) != before


def _writes(pid: int, log: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/fd/1").resolve() == log.resolve()
    except OSError:
        return False


def test_two_demos_do_not_share_a_port_or_a_data_folder(start: Start, tmp_path: Path) -> None:
    # given
    demo = start()
    port = demo.base_url.rpartition(":")[2]
    # when
    same_port = run_demo("--port", port, "--data", str(tmp_path / "other"))
    same_data = run_demo("--port", str(free_port()), "--data", str(demo.data))
    # then each is refused with one sentence
    assert (same_port.returncode, same_data.returncode) == (1, 1)
    assert same_port.stderr == (
        f"xinglin: Port {port} is in use by another program. Stop it, or choose another with --port.\n"
    )
    assert same_data.stderr == (
        f"xinglin: Another demo is running on the data folder {demo.data}. "
        "Stop it, or give this one its own with --data DIR.\n"
    )
    assert demo.is_ready()


def test_a_second_start_does_no_set_up(start: Start) -> None:
    # given a demo that was started and stopped
    first = start()
    first.stop()
    # when
    second = start()
    wait_until(lambda: "totp secret: " in second.log.read_text(), BACK_AFTER)
    # then it runs no step of set-up, which is what makes it quick, and prints who one can be
    assert "set-up:" not in second.log.read_text()
    assert "password: " in second.log.read_text()
