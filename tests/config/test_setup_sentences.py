"""What goes wrong before the services start is told in one sentence."""

from __future__ import annotations

import errno
import importlib.util
import shutil
from pathlib import Path

import pytest

from config.setup import environment, frontend, space, templates
from config.setup.commands import sentence
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
    assert told in sentence("packages", log, 3)


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
