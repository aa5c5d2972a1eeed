"""One running demo for all journeys, in which the story has been told, and browsers for its people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from config.story.cast import Cast
from tests.journeys.running import RunningDemo


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
