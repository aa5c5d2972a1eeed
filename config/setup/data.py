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
    """A database server: migrate and seed it in place; the stamp names its address and schema.

    Another address than before, or the first after an embedded demo, is another database: it is seeded too, which
    writes nothing where the province stands already.
    """
    stamp = Stamp(".schema", data)
    address = os.environ["DATABASE_URL"].rpartition("@")[2]
    wanted = f"{migrations_hash()} {address}"
    if stamp.is_fresh(wanted):
        return
    settings = {"XINGLIN_DATA": str(data)}
    is_known = stamp.read().partition(" ")[2] == address
    manage("migrate", "migrate", "--verbosity", "1", env=settings)
    if not is_known:
        manage("seed", "seed", env=settings)
    stamp.write(wanted)
