"""Fixtures of the tests of people and of signing in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def sms_log(settings: Any, tmp_path: Path) -> Path:
    """Where the text messages of this test are written, one JSON object a line."""
    settings.XINGLIN_SMS_LOG = tmp_path / "sms.log"
    return tmp_path / "sms.log"
