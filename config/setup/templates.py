"""Cached data folders: a fresh `migrate` costs 35 CPU seconds and the seeded year more, so both are made once per hash.

`build/templates/migrated-HASH` holds a migrated, empty database (the tests copy it); `build/templates/seeded-HASH` is a
whole data folder: database, keys, and the files that belong to the seeded history.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

from config.setup.commands import manage
from config.setup.folders import ROOT, TEMPLATES
from config.setup.stamps import digest

EMBEDDED = {"DATABASE_URL": "", "BROKER_URL": "", "CACHE_URL": "", "SEARCH_URL": ""}
QINGJIANG = timezone(timedelta(hours=8))  # where the seeded year ends today; a plain machine has no zone files
KEPT = 2  # templates of each kind, so that two branches do not push each other out


def migrations_hash() -> str:
    """The state of the schema: our migrations and the locked versions of everybody else's."""
    return digest([*ROOT.glob("*/migrations/*.py"), ROOT / "requirements" / "base.txt"])


def seed_hash() -> str:
    """The state of the seed: the schema, the seeding code, its data files, and the day, since history ends today."""
    day = f"{datetime.now(QINGJIANG):%Y-%m-%d}"
    own = [path for folder in ROOT.glob("*/seed") for path in folder.rglob("*") if path.suffix != ".pyc"]
    command = [ROOT / "config" / "seeding.py", ROOT / "config" / "management" / "commands" / "seed.py"]
    return digest([*own, *ROOT.glob("*/seed.py"), *command, *ROOT.glob("*/states.py")], migrations_hash(), day)


def migrated_template() -> Path:
    """The folder of the migrated template, made when it is missing."""
    folder = TEMPLATES / f"migrated-{migrations_hash()}"
    if not folder.is_dir():
        making = _empty(folder)
        manage("migrate", "migrate", "--verbosity", "1", env=_settings(making))
        _finish(making, folder)
    return folder


def seeded_template() -> Path:
    """The folder of the seeded template, made from the migrated one when it is missing."""
    folder = TEMPLATES / f"seeded-{seed_hash()}"
    if not folder.is_dir():
        making = _empty(folder)
        shutil.copytree(migrated_template(), making, dirs_exist_ok=True)
        manage("seed", "seed", env=_settings(making))
        _finish(making, folder)
    return folder


def copy_into(template: Path, data: Path) -> None:
    """Copy a template into a data folder. The database comes last, by rename, so half a copy is never used.

    A copy that fails takes no room; the next start copies again. Raises OSError.
    """
    data.mkdir(parents=True, exist_ok=True)
    leave_database = shutil.ignore_patterns("db.sqlite3*", "secret")
    shutil.copytree(template, data, ignore=leave_database, dirs_exist_ok=True)
    copy = data / "db.sqlite3.tmp"
    try:
        shutil.copyfile(template / "db.sqlite3", copy)
        copy.replace(data / "db.sqlite3")
    finally:
        copy.unlink(missing_ok=True)


def _settings(data: Path) -> dict[str, str]:
    return {**EMBEDDED, "XINGLIN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}


def _empty(folder: Path) -> Path:
    making = folder.with_name(f"{folder.name}.tmp{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    return making


def _finish(making: Path, folder: Path) -> None:
    """Fold the write-ahead log in, put the folder in its place and remove the oldest of its kind."""
    with sqlite3.connect(making / "db.sqlite3") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    for left in making.glob("db.sqlite3-*"):
        left.unlink()
    making.rename(folder)
    kind = folder.name.split("-")[0]
    finished = sorted(TEMPLATES.glob(f"{kind}-" + "?" * 32), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in finished[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
