"""The people and the things of the rooms' own tests."""

from __future__ import annotations

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

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
def first_data(transactional_db: None) -> None:
    """What the migrations wrote: a test without a transaction around it has emptied every table before.

    Not Django's `serialized_rollback`: an earlier test's flush has made content types anew, and it trips over them.
    They go in first, since what is saved after them asks for them; numbers go on where they were.
    """
    rows = json.loads(connection._test_serialized_contents)  # type: ignore[attr-defined]  # set by create_test_db
    rows.sort(key=lambda row: row["model"] != "contenttypes.contenttype")
    emptied = {"reset_sequences": False, "inhibit_post_migrate": True, "allow_cascade": True}
    call_command("flush", verbosity=0, interactive=False, **emptied)
    ContentType.objects.clear_cache()
    connection.creation.deserialize_db_from_string(json.dumps(rows))
