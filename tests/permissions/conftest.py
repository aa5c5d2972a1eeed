"""The seeded province for the permission tests."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest


@pytest.fixture
def seeded_province(db):
    """The people and organisations of the demo, without its year of history; rolled back with the test."""
    from directory import seed

    return seed.seed(rng=Random(1), now=datetime(2026, 11, 22, 3, 22, tzinfo=UTC))
