"""The cache of rendered frames stays below its limit, and loses the oldest first."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.files.base import ContentFile

from media_pipeline import stores
from media_pipeline.imaging.keeping import trim_rendered


def test_the_oldest_pictures_go_first(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "identified": {**settings.STORAGES["identified"], "OPTIONS": {"location": tmp_path, "base_url": None}},
    }
    for age in range(10):
        name = stores.identified().save(f"rendered/aa/{age}", ContentFile(b"x" * 100))
        os.utime(tmp_path / name, (1000 - age, 1000 - age))

    assert trim_rendered(most_bytes=1000) == 0
    assert trim_rendered(most_bytes=600) == 6
    assert sorted(path.name for path in Path(tmp_path / "rendered/aa").iterdir()) == ["0", "1", "2", "3"]
