"""A migration runs while the old code still does, or the deployer is told that it must not (docs/operations.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddField,
    AlterField,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
)

from tests.architecture.test_rooms import ROOT

#: No operation shows it: old code goes on writing rows as the migration has just mended them, or cannot read new ones.
BY_THEIR_DATA = {"consult_bridge.0025_revisions_count_on", "consult_bridge.0027_texts_given_up"}
GONE = (DeleteModel, RemoveField, RenameField, RenameModel)


def unsafe(migration: Migration, was_null: set[tuple[str, str]]) -> Iterator[str]:
    """What old code would stumble over: something gone, or a column that it does not fill."""
    made: set[str] = set()
    for operation in migration.operations:
        if isinstance(operation, CreateModel):
            made.add(operation.name_lower)
            was_null.update((operation.name_lower, name) for name, field in operation.fields if field.null)
        elif isinstance(operation, GONE):
            yield operation.describe()
        elif isinstance(operation, AddField | AlterField):
            column = (operation.model_name_lower, operation.name)
            field = operation.field
            is_filled = field.null or field.has_db_default() or field.many_to_many
            is_stricter = isinstance(operation, AddField) or column in was_null
            if field.null:
                was_null.add(column)
            if is_stricter and not is_filled and operation.model_name_lower not in made:
                yield operation.describe()


def found() -> set[str]:
    wrong: set[str] = set()
    was_null: dict[str, set[tuple[str, str]]] = {}
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if app in settings.OUR_APPS and list(unsafe(migration, was_null.setdefault(app, set()))):
            wrong.add(f"{app}.{name}")
    return wrong


def test_the_deployer_is_told_which_migrations_need_a_stop():
    table = (ROOT / "docs" / "operations.md").read_text().partition("must not run |")[2].partition("\n\n")[0]
    told = set(re.findall(r"`([a-z_]+\.[0-9]{4}_[a-z_]+)`", table))

    assert found() | BY_THEIR_DATA == told


def test_what_old_code_would_stumble_over_is_recognised():
    class Dropping(Migration):
        operations = [RemoveField("opinion", "kind")]

    assert list(unsafe(Dropping("next", "consult_bridge"), set())) == ["Remove field kind from opinion"]
