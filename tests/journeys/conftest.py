"""One running demo for all journeys, in which the story has been told, and browsers for its people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from config.story.cast import Cast
from tests.journeys.running import RunningDemo, start_demo, tell_story


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    running = start_demo(tmp_path_factory.mktemp("demo") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def story(demo: RunningDemo) -> str:
    """The lines that the story printed."""
    return tell_story(demo)


@pytest.fixture(scope="session")
def cast(demo: RunningDemo) -> Iterator[Cast]:
    people = Cast(demo.base_url)
    yield people
    people.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from tests.journeys.chromium import launch

    with launch() as browser:
        yield browser
