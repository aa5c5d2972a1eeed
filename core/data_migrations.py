"""What data migrations share: rows of any app as they were at that point of the schema, never of a live model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def rows_of(apps: Any, schema_editor: Any) -> Callable[[str, str], Any]:
    """`rows(app, model)`: the historical model's plain manager on the database that is being migrated."""
    alias = schema_editor.connection.alias

    def rows(app: str, model: str) -> Any:
        return apps.get_model(app, model)._base_manager.using(alias)

    return rows
