"""The people and the things of the rooms' own tests."""

from __future__ import annotations

import pytest

from tests.consult_bridge.conftest import bridge, identified_folder
from tests.credits.conftest import completion, entry, officer, officer_person, scheme
from tests.lms.conftest import actor, enrolment_id, learner, world
from tests.media_pipeline.conftest import _cages, echo, place
from tests.media_pipeline.test_release_line import release, study

__all__ = [
    "_cages",
    "actor",
    "bridge",
    "completion",
    "echo",
    "enrolment_id",
    "entry",
    "identified_folder",
    "learner",
    "officer",
    "officer_person",
    "place",
    "release",
    "scheme",
    "study",
    "world",
]


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Who races on a connection of their own sees only what is committed."""
