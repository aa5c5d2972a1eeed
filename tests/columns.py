"""Which tests a run collects. What is not meant for the run is not collected, so that nothing is ever skipped.

`tests/faults/` (kills processes, minutes), `tests/journeys/` (a browser) and `tests/outside/` (judges that are not part
of the house) need to be named, by their path or by `XINGLIN_COLLECT=faults,journeys,outside` as bin/test sets it. Tests
marked `production` are collected when `DATABASE_URL` and `BROKER_URL` name servers, tests marked `embedded` when they
do not.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FOLDERS = ("faults", "journeys", "outside")
TESTS = Path(__file__).resolve().parent


def is_production() -> bool:
    return bool(os.environ.get("DATABASE_URL") and os.environ.get("BROKER_URL"))


def leaves_out_path(path: Path, arguments: Iterable[str]) -> bool:
    """True for a folder that this run did not ask for."""
    wanted = os.environ.get("XINGLIN_COLLECT", "").split(",")
    for name in FOLDERS:
        folder = TESTS / name
        if path.is_relative_to(folder) and path != folder / "__init__.py":
            return name not in wanted and not _is_named(folder, arguments)
    return False


def leaves_out_object(item: Any) -> bool:
    """True for a function or class that is marked for the other column."""
    marks = {mark.name for mark in getattr(item, "pytestmark", [])}
    other = "embedded" if is_production() else "production"
    return other in marks


def _is_named(folder: Path, arguments: Iterable[str]) -> bool:
    paths = (Path(argument.split("::")[0]).resolve() for argument in arguments if not argument.startswith("-"))
    return any(path.is_relative_to(folder) for path in paths)
