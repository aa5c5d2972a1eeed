"""`bin/services` ends and counts the process that it started, and no other one that has its number today."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.setup.servers.process import Home
from core import processes
from tests.journeys.running import ROOT

#: A server that starts another process in its own group and waits for it, or for its own end.
WITH_CHILD = "sleep 300 & echo $! > child; wait"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """An empty folder of services, which whoever the servers run as can enter."""
    folder = Path(tempfile.mkdtemp(prefix="xinglin-services-"))
    folder.chmod(0o755)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    made = Home("redis")
    made.prepare()
    yield made
    made.stop(seconds=0)
    shutil.rmtree(folder)


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process of somebody else, the first of its group."""
    with subprocess.Popen(["sleep", "300"], start_new_session=True) as process:
        yield process
        process.kill()


def services(action: str) -> str:
    """`bin/services ACTION redis`, by a Python that finds no installed package."""
    command = [sys.executable, "-S", str(ROOT / "bin" / "services"), action, "redis"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.partition(",")[0]


def started_with_child(home: Home) -> tuple[subprocess.Popen[bytes], str]:
    """A server that answered, and the token of its child."""
    server = home.launch(["sh", "-c", WITH_CHILD])
    child = home.state / "child"
    home.wait(server, lambda: child.is_file() and child.read_text().endswith("\n"), 30)
    return server, processes.token_of(int(child.read_text()))


@pytest.mark.parametrize(
    "noted",
    [
        "{pid}",  # what a version before kept
        "{machine}/{pid}/1",  # the number was given out again
        "a-start-of-before:1/{pid}/{started}",  # another boot, or another container
        "{machine}/4194305/1\n{machine}/{pid}/1",  # the number of a child was
    ],
)
def test_a_stranger_with_the_old_number_is_neither_the_server_nor_ended(
    home: Home, stranger: subprocess.Popen[bytes], noted: str
) -> None:
    # given what a server of yesterday left
    machine, pid, started = processes.token_of(stranger.pid).split("/")
    (home.state / "pid").write_text(noted.format(machine=machine, pid=pid, started=started))
    # when / then it does not run, and stopping it ends nobody
    assert services("status") == "redis: stopped"
    assert services("stop") == "redis: stopped"
    assert stranger.poll() is None
    assert not (home.state / "pid").exists()


def test_the_server_itself_runs_until_it_is_stopped(home: Home) -> None:
    # given
    server = home.launch(["sleep", "300"])
    assert services("status") == "redis: running"
    # when
    stopped = services("stop")
    # then
    assert (stopped, server.wait(30)) == ("redis: stopped", -signal.SIGTERM)


def test_a_server_started_by_the_version_before_is_known_by_its_command_line(home: Home) -> None:
    # given a server whose number alone was noted
    server = home.launch(["tail", "-f", home.log])
    (home.state / "pid").write_text(str(server.pid))
    # when / then
    assert services("status") == "redis: running"
    assert services("stop") == "redis: stopped"
    assert server.wait(30) == -signal.SIGTERM


def test_what_the_server_started_in_its_group_ends_with_it(home: Home) -> None:
    # given a server that does not take its child with it
    server, child = started_with_child(home)
    # when
    services("stop")
    # then
    assert server.wait(30) == -signal.SIGTERM
    assert processes.living(child) == 0


def test_what_a_server_that_died_left_is_ended_before_the_next_one_starts(home: Home) -> None:
    # given a server that was killed, whose child lives on
    server, child = started_with_child(home)
    server.kill()
    server.wait()
    assert services("status") == "redis: stopped"
    assert processes.living(child) != 0
    # when
    home.launch(["sleep", "300"])
    # then
    assert processes.living(child) == 0
    assert services("status") == "redis: running"


def test_a_server_that_does_not_listen_is_ended_by_force_with_its_group(home: Home) -> None:
    # given a server, and its child, that take no polite word
    server = home.launch(["sh", "-c", f"trap '' TERM; {WITH_CHILD}"])
    child = home.state / "child"
    home.wait(server, lambda: child.is_file() and child.read_text().endswith("\n"), 30)
    token = processes.token_of(int(child.read_text()))
    # when
    home.stop(seconds=0)
    # then
    assert server.wait(30) == -signal.SIGKILL
    assert processes.living(token) == 0
