"""One data folder, and a database that the demo did not have before: its people are there as well."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from config.setup.data import prepare_data
from config.setup.templates import migrated_template, migrations_hash
from directory.seed.demo_people import DEMO_PEOPLE


def test_a_database_that_is_new_to_the_folder_is_seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given the data folder of an embedded demo, and another database
    data, database = tmp_path / "data", tmp_path / "second.sqlite3"
    data.mkdir()
    (data / ".schema").write_text(f"{migrations_hash()}\n")
    shutil.copyfile(migrated_template() / "db.sqlite3", database)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    # when the demo prepares it
    prepare_data(data)
    # then whom its banner names is there, and the folder knows the database
    assert people_of(database) >= {person.username for person in DEMO_PEOPLE}
    assert (data / ".schema").read_text() == f"{migrations_hash()} sqlite:///{database}\n"


def people_of(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as asked:
        return {name for (name,) in asked.execute("SELECT username FROM directory_person")}
