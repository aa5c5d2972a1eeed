"""A run that several processes share: what each has of its own, and when there are several."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import sharing
from config.setup.testing import stages

NAMES = ("PYTEST_XDIST_WORKER", "XINGLIN_DATA", "XINGLIN_DATA_OF", "CACHE_URL")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """One process that nobody has prepared; whatever it makes of its environment is undone."""
    before = {name: os.environ.get(name) for name in NAMES}
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    yield monkeypatch
    for name, value in before.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


def test_a_process_that_inherits_a_folder_makes_its_own_and_keeps_it(environment: pytest.MonkeyPatch) -> None:
    # given who starts them, with a folder and a cache
    first = sharing.own_folder()
    os.environ["CACHE_URL"] = "redis://:p@127.0.0.1:6379/1"
    # when the second of its processes begins
    environment.setenv("PYTEST_XDIST_WORKER", "gw1")
    second = sharing.own_folder()
    # then
    assert first != second
    assert Path(second).is_dir()
    assert os.environ["XINGLIN_DATA"] == second
    assert os.environ["CACHE_URL"] == "redis://:p@127.0.0.1:6379/2"
    # and what that one starts has the same
    assert sharing.own_folder() == ""
    assert os.environ["XINGLIN_DATA"] == second
    # or, without the folder, another one beside the same cache
    del os.environ["XINGLIN_DATA"]
    third = sharing.own_folder()
    assert os.environ["CACHE_URL"] == "redis://:p@127.0.0.1:6379/2"
    for folder in (first, second, third):
        Path(folder).rmdir()


def test_one_process_goes_on_with_the_folder_it_was_given(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("XINGLIN_DATA", str(tmp_path))
    assert sharing.own_folder() == ""
    assert os.environ["XINGLIN_DATA"] == str(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "is_whole"),
    [
        ([], True),
        (["-q", "--durations=30"], True),
        (["tests/core"], False),
        (["-kword"], False),
        (["--lf"], False),
        (["--deselect=tests/core/test_jobs.py"], False),
        (["--pdb"], False),
        (["-k", "word"], False),
        (["-x", "tests/core/test_jobs.py::test_one"], False),
    ],
)
def test_only_the_whole_is_shared(arguments: list[str], is_whole: bool) -> None:
    assert stages.is_whole(arguments) is is_whole
