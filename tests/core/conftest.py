"""Fixtures of core's own tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def keys(settings, tmp_path) -> Path:
    """An empty key folder of its own."""
    settings.XINGLIN_KEYS_DIR = tmp_path / "keys"
    return settings.XINGLIN_KEYS_DIR
