"""The data folder of a demo: a copy of the seeded template at first, migrated when the code has moved on."""

from __future__ import annotations

import os
from pathlib import Path

from config.setup.commands import manage
from config.setup.stamps import Stamp
from config.setup.templates import copy_into, migrations_hash, seeded_template


def prepare_data(data: Path) -> None:
    """Make `data` ready to serve. A stamp beside the database says which schema it has."""
    if os.environ.get("DATABASE_URL"):
        _prepare_server(data)
        return
    stamp = Stamp(".schema", data)
    wanted = migrations_hash()
    if not (data / "db.sqlite3").is_file():
        copy_into(seeded_template(), data)
        stamp.write(wanted)
    elif not stamp.is_fresh(wanted):
        manage("migrate", "migrate", "--verbosity", "1", env={"XINGLIN_DATA": str(data)})
        stamp.write(wanted)


def _prepare_server(data: Path) -> None:
    """A database server: migrate and seed it in place; the stamp names its address and schema."""
    stamp = Stamp(".schema", data)
    wanted = f"{migrations_hash()} {os.environ['DATABASE_URL'].rpartition('@')[2]}"
    if stamp.is_fresh(wanted):
        return
    settings = {"XINGLIN_DATA": str(data)}
    is_first = not stamp.read()
    manage("migrate", "migrate", "--verbosity", "1", env=settings)
    if is_first:
        manage("seed", "seed", env=settings)
    stamp.write(wanted)
