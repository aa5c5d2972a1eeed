"""Fixtures of core's own tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.crypto.keyring import keyring


@pytest.fixture
def keys(settings, tmp_path) -> Path:
    """A key folder of its own with its first key."""
    settings.XINGLIN_KEYS_DIR = tmp_path / "keys"
    keyring().create()
    return settings.XINGLIN_KEYS_DIR
