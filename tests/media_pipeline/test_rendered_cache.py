"""The cache of rendered frames stays below its limit, and loses the oldest first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from media_pipeline import stores
from media_pipeline.imaging.keeping import trim_rendered


@pytest.mark.parametrize("side", ["identified", "teaching"])
def test_the_oldest_pictures_go_first(settings, tmp_path, side):
    places = {name: tmp_path / name for name in ("identified", "teaching")}
    settings.STORAGES = {
        **settings.STORAGES,
        **{
            name: {**settings.STORAGES[name], "OPTIONS": {"location": place, "base_url": None}}
            for name, place in places.items()
        },
    }
    for age in range(10):
        name = getattr(stores, side)().save(f"rendered/aa/{age}", ContentFile(b"x" * 100))
        os.utime(places[side] / name, (1000 - age, 1000 - age))

    assert trim_rendered(most_bytes=1000) == 0
    assert trim_rendered(most_bytes=600) == 6
    assert sorted(path.name for path in Path(places[side] / "rendered/aa").iterdir()) == ["0", "1", "2", "3"]
