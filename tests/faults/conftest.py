"""A demo of its own for each test, since these tests kill it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.running import RunningDemo, start_demo


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], RunningDemo]]:
    """Starts a demo on this test's data folder; whatever still runs is stopped at the end."""
    started: list[RunningDemo] = []

    def begin() -> RunningDemo:
        started.append(start_demo(tmp_path / "data"))
        return started[-1]

    yield begin
    for demo in started:
        demo.stop()
