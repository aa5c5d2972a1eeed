"""What the migrations wrote, laid anew after a test without a transaction around it, which empties every table."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest

from config.setup.locks import set_up_lock
from config.setup.templates import migrated_template
from tests import columns

FIXTURES = {"transactional_db", "django_db_serialized_rollback", "live_server"}


def is_emptied_by(item: pytest.Item) -> bool:
    """Whether the database has been flushed once this test is over."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or bool(FIXTURES & set(getattr(item, "fixturenames", ())))


def copy_template() -> None:
    """On SQLite: a fresh copy of the migrated template in the run's own data folder, and the connection on it."""
    from django.conf import settings
    from django.db import connection

    copy = Path(settings.DATA_DIR) / "test.sqlite3"
    connection.close()
    for left in copy.parent.glob("test.sqlite3*"):
        left.unlink()
    shutil.copyfile(_template() / "db.sqlite3", copy)
    connection.settings_dict["NAME"] = str(copy)


@cache
def _template() -> Path:
    """The one that this run began with, whatever changes beside it."""
    with set_up_lock():
        return migrated_template()


def restore() -> None:
    """Lay it anew, whichever column this is."""
    from django.contrib.contenttypes.models import ContentType

    if columns.is_production():
        _insert_again()
    else:
        copy_template()
    ContentType.objects.clear_cache()


def _insert_again() -> None:
    """On a server, from what Django kept when it made the database.

    Not Django's `serialized_rollback`: the flush has made content types anew, and it trips over them. They go in first,
    since what is saved after them asks for them; numbers go on where they were.
    """
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import call_command
    from django.db import connection

    rows = json.loads(connection._test_serialized_contents)  # type: ignore[attr-defined]  # set by create_test_db
    rows.sort(key=lambda row: row["model"] != "contenttypes.contenttype")
    emptied = {"reset_sequences": False, "inhibit_post_migrate": True, "allow_cascade": True}
    call_command("flush", verbosity=0, interactive=False, **emptied)
    ContentType.objects.clear_cache()
    connection.creation.deserialize_db_from_string(json.dumps(rows))
