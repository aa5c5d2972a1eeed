from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories.consults import Bridge, make_bridge


@pytest.fixture
def bridge(db: None) -> Bridge:
    return make_bridge()


@pytest.fixture(autouse=True)
def identified_folder(settings: Any, tmp_path: Path) -> None:
    """Each test writes its pages and forms into a folder of its own."""
    stores = {name: dict(value) for name, value in settings.STORAGES.items()}
    for name in ("identified", "teaching"):
        stores[name]["OPTIONS"] = {"location": tmp_path / name, "base_url": None}
    settings.STORAGES = stores


@pytest.fixture(scope="session", autouse=True)
def _cages() -> Iterator[None]:
    """The processes that read image files end with the tests."""
    yield
    from media_pipeline import cage

    cage.close_all()
