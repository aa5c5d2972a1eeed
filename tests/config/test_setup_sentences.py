"""What goes wrong before the services start is told in one sentence."""

from __future__ import annotations

import errno
import importlib.util
from pathlib import Path

import pytest

from config.setup import environment, frontend
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


def test_an_unexpected_error_is_not_hidden() -> None:
    # given
    def fail() -> int:
        raise OSError(errno.EIO, "broken", "db.sqlite3")

    # when / then
    with pytest.raises(OSError, match="broken"):
        guarded(fail)
