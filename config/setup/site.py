"""What Django itself has to make once: compiled message catalogues and collected static files."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from config.setup.commands import manage
from config.setup.folders import ROOT, STATIC
from config.setup.stamps import Stamp, digest, tree

KEPT = 7 * 24 * 3600.0  # seconds
OUTSIDE = ("node_modules", ".venv", "build", "var")


def prepare_site() -> None:
    """Compile the catalogues and collect the static files when their inputs have changed."""
    _catalogues()
    _static_files()


def _catalogues() -> None:
    sources = [path for app in _apps() for path in tree(app / "locale", "*.po")]
    stamp, wanted = Stamp("catalogues"), digest(sources)
    complete = all(path.with_suffix(".mo").is_file() for path in sources)
    if complete and stamp.is_fresh(wanted):
        return
    manage("catalogues", "build_catalogs")
    stamp.write(wanted)


def _static_files() -> None:
    own = [path for app in _apps() for path in tree(app / "static")]
    wanted = digest([*own, *tree(ROOT / "frontend" / "dist"), ROOT / "requirements" / "base.txt"])
    stamp = Stamp("static")
    if STATIC.is_dir() and stamp.is_fresh(wanted):
        return
    previous = STATIC.with_name("static-previous")
    shutil.rmtree(previous, ignore_errors=True)
    if STATIC.is_dir():
        STATIC.rename(previous)
    (ROOT / "frontend" / "dist").mkdir(parents=True, exist_ok=True)
    manage("static files", "collectstatic", "--noinput", "--verbosity", "0")
    keep_for_running(previous)
    stamp.write(wanted)


def keep_for_running(previous: Path, now: float | None = None) -> None:
    """Carry the assets of earlier builds over: a demo that still runs names them in its pages. A week long."""
    oldest = (time.time() if now is None else now) - KEPT
    for path in tree(previous / "app" / "assets"):
        target = STATIC / path.relative_to(previous)
        if not target.exists() and path.stat().st_mtime > oldest:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    shutil.rmtree(previous, ignore_errors=True)


def _apps() -> list[Path]:
    return sorted(path.parent for path in ROOT.glob("*/apps.py") if path.parent.name not in OUTSIDE)
