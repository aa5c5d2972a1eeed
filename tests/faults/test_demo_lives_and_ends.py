"""The demo's processes: what dies is started again, and when the demo ends nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from config.supervisor.death import MARK, members
from tests.faults.processes import (
    BACK_AFTER,
    FULL_TREE,
    GONE_AFTER,
    descendants_of,
    guardian_of,
    is_alive,
    mark_of,
    service_of,
    there,
    wait_until,
)
from tests.journeys.running import ROOT, RunningDemo, free_port

Start = Callable[[], RunningDemo]


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


def test_a_killed_guardian_is_replaced_and_its_successor_keeps_watch(start: Start) -> None:
    # given a running demo whose guardian was killed
    demo = start()
    wait_until(lambda: len(descendants_of(demo.process.pid)) >= FULL_TREE, BACK_AFTER)
    first = there(lambda: guardian_of(demo))
    os.kill(first, signal.SIGKILL)
    # then another takes its place, and the dead one is not kept
    wait_until(lambda: guardian_of(demo) not in {None, first}, BACK_AFTER)
    assert not Path(f"/proc/{first}").exists()
    # and when the supervisor is killed as well, nothing stays, not even what a library started for itself
    mark, tree = mark_of(demo), descendants_of(demo.process.pid)
    stray = subprocess.Popen(["sleep", "300"], env={**os.environ, MARK: mark}, start_new_session=True)
    demo.process.kill()
    demo.process.wait()
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
    before = there(lambda: service_of(demo, log))
    # when
    os.kill(before, signal.SIGKILL)
    # then another process does its work
    wait_until(lambda: not is_alive(before), GONE_AFTER)
    wait_until(lambda: service_of(demo, log) not in {None, before}, BACK_AFTER)
    wait_until(demo.is_ready, BACK_AFTER)


def test_a_broker_that_does_not_come_up_leaves_no_address_and_no_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a data folder in which the broker cannot keep its log, and a folder for sockets with a short path
    data = tmp_path / "data"
    (data / "broker").mkdir(parents=True)
    (data / "broker" / "appendonlydir").write_text("a file stands where the log's folder should")
    with tempfile.TemporaryDirectory() as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        # when
        ended = run_demo("--port", str(free_port()), "--data", str(data))
        # then
        assert (ended.returncode, ended.stderr) == (
            1,
            "xinglin: The embedded broker did not start. Its log is logs/broker.log in the data folder.\n",
        )
        assert list(Path(runtime).iterdir()) == []
    assert not (data / "broker" / "url").exists()


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
