"""What goes wrong before the services start is told in one sentence."""

from __future__ import annotations

import errno
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.setup import environment, folders, frontend, space, templates
from config.setup.commands import sentence
from config.setup.data import prepare_data
from config.setup.halt import Halt, guarded


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("OSError: [Errno 28] No space left on device\n", "The disk is full."),
        ("npm error code ENOSPC\n", "The disk is full."),
        ("error: Could not connect\n  dns error: failed to lookup\n", "could not reach the package index"),
        ("npm error code EAI_AGAIN\n", "could not reach the package index"),
        ("first\nlast words\n", "failed with status 3 (last words)"),
        ("", "failed with status 3 (no output)"),
    ],
)
def test_a_failed_step_names_its_cause(tmp_path: Path, output: str, told: str) -> None:
    # given
    log = tmp_path / "packages.log"
    log.write_text(output)
    # when / then
    assert told in sentence("packages", log, 3, installs=True)


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (
            'OperationalError: connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused\n'
            "\tIs the server running on that host and accepting TCP/IP connections?\n",
            "The database at localhost:5432 does not answer. Start its server, or correct DATABASE_URL",
        ),
        (
            'connection to server on socket "/run/postgresql/.s.PGSQL.5432" failed: No such file or directory\n',
            "The database at /run/postgresql/.s.PGSQL.5432 does not answer.",
        ),
        (
            'connection to server at "127.0.0.1", port 5432 failed: FATAL:  database "x" does not exist\n',
            "The step 'migrate' failed with status 1 (connection to server at \"127.0.0.1\", port 5432 failed: "
            'FATAL:  database "x" does not exist)',
        ),
        (
            "redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:6379. Connection refused.\n",
            "The step 'migrate' failed with status 1 (redis.exceptions.ConnectionError: Error 111 connecting to",
        ),
    ],
)
def test_a_command_of_the_project_blames_no_package_index(tmp_path: Path, output: str, told: str) -> None:
    # given
    log = tmp_path / "migrate.log"
    log.write_text(output)
    # when / then
    assert sentence("migrate", log, 1, installs=False).startswith(told)


def test_a_database_server_that_is_not_there_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given an address where nobody listens
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("DATABASE_URL", f"postgres://xinglin:hidden@{place}/xinglin")
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.dev")
        # when the demo prepares its data there
        with pytest.raises(Halt) as told:
            prepare_data(tmp_path / "data")
    # then
    assert str(told.value) == (
        f"The database at {place} does not answer. Start its server, or correct DATABASE_URL (without it the demo "
        f"has a database of its own), and run the command again. Details: {folders.LOGS / 'migrate.log'}"
    )
    assert not (tmp_path / "data" / ".schema").exists()


def test_a_python_without_venv_is_told_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # given
    monkeypatch.setattr(environment, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    # when / then
    with pytest.raises(Halt, match="sudo apt-get install python3-venv"):
        environment.tool_environment()


def test_no_node_and_no_wheel_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    # given neither a Node on this machine nor a way to fetch one
    def refuse(name: str) -> None:
        raise Halt("The network is away.")

    monkeypatch.setattr(frontend.shutil, "which", lambda name: None)
    monkeypatch.setattr(frontend, "pinned_tool", refuse)
    # when / then
    with pytest.raises(Halt, match=r"no Node 20\.19 or newer here.*The network is away"):
        frontend._node_path()


def test_a_full_disk_is_a_sentence_and_not_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    # given
    def fill() -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "db.sqlite3")

    # when
    status = guarded(fill)
    # then
    assert status == 1
    assert capsys.readouterr().err == (
        "xinglin: The disk is full. Set-up needs about 3 GB; free some space and run the command again.\n"
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            "file",
            "{folder}/file cannot be a folder: a file stands there or above it. Move it or name another folder.",
        ),
        ("file/below/it", "{folder}/file/below/it cannot be a folder: a file stands there or above it. Move it or"),
        ("round", "The data folder {folder}/round leads nowhere. Name another with --data DIR."),
        ("round/below", "The data folder {folder}/round/below leads nowhere. Name another with --data DIR."),
        ("a" * 300, f"{{folder}}/{'a' * 300}/db.sqlite3 cannot be used (File name too long). Name another folder."),
        ("~nobody-of-this-name/x", "The data folder ~nobody-of-this-name/x leads nowhere."),
    ],
)
def test_a_data_folder_that_cannot_be_one_is_a_sentence_and_changes_nothing(
    tmp_path: Path, given: str, told: str
) -> None:
    # given a file, and a link that leads to itself
    (tmp_path / "file").write_text("mine")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    # when somebody starts the demo over it
    named = given if given.startswith("~") else str(tmp_path / given)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, str(folders.ROOT / "bin" / "demo"), "--port", port, "--data", named]
    answer = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)
    # then
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"xinglin: {told.format(folder=tmp_path)}") and answer.stderr.count("\n") == 1
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "round"]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, "x/data cannot be written (Permission denied). Check who owns the folder."),
        (errno.EPERM, "x/data cannot be written (Operation not permitted). Check who owns the folder."),
        (errno.EROFS, "x/data cannot be written (Read-only file system). Check who owns the folder."),
        (errno.ELOOP, "x/data cannot be used (Too many levels of symbolic links). Name another folder."),
    ],
)
def test_a_folder_that_is_refused_is_a_sentence(capsys: pytest.CaptureFixture[str], number: int, told: str) -> None:
    def refuse() -> int:
        raise OSError(number, os.strerror(number), "x/data")

    assert guarded(refuse) == 1
    assert capsys.readouterr().err == f"xinglin: {told}\n"


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    def fail() -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    with pytest.raises(OSError, match="Bad file descriptor"):
        guarded(fail)


def test_a_tree_that_found_no_room_is_the_same_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # given what shutil.copytree raises: all faults in one error without a number
    def copy() -> int:
        raise shutil.Error([("a", "b", "[Errno 28] No space left on device: 'b'")])

    # when
    status = guarded(copy)
    # then
    assert status == 1
    assert capsys.readouterr().err.startswith("xinglin: The disk is full.")


def test_a_template_that_did_not_fit_leaves_no_half_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a disk that is full in the middle of the database
    template, data = tmp_path / "template", tmp_path / "data"
    template.mkdir()
    (template / "db.sqlite3").write_bytes(b"whole database")

    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"whole")
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    # when
    with monkeypatch.context() as disk:
        disk.setattr(templates.shutil, "copyfile", full)
        with pytest.raises(OSError, match="No space"):
            templates.copy_into(template, data)
    # then nothing takes room, and the next start copies it whole
    assert list(data.iterdir()) == []
    templates.copy_into(template, data)
    assert (data / "db.sqlite3").read_bytes() == b"whole database"


@pytest.mark.parametrize(("is_first", "free", "needed"), [(True, 199, 200), (False, 31, 32)])
def test_a_disk_with_too_little_room_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_first: bool, free: int, needed: int
) -> None:
    # given
    data = tmp_path / "deep" / "data"
    if not is_first:
        data.mkdir(parents=True)
        (data / "db.sqlite3").write_bytes(b"")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _path: usage._replace(free=free * 2**20))
    # when / then
    with pytest.raises(Halt, match=f"has {free} MB free and the demo needs {needed} MB there"):
        space.refuse_small_disk(data)
    assert data.exists() is not is_first
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _path: usage._replace(free=needed * 2**20))
    space.refuse_small_disk(data)


def test_an_unexpected_error_is_not_hidden() -> None:
    # given
    def fail() -> int:
        raise OSError(errno.EIO, "broken", "db.sqlite3")

    # when / then
    with pytest.raises(OSError, match="broken"):
        guarded(fail)
