"""What Django itself has to make once: compiled message catalogues and collected static files."""

from __future__ import annotations

import shutil
from pathlib import Path

from config.setup.commands import manage
from config.setup.folders import ROOT, STATIC
from config.setup.stamps import Stamp, digest, tree

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
    shutil.rmtree(STATIC, ignore_errors=True)
    (ROOT / "frontend" / "dist").mkdir(parents=True, exist_ok=True)
    manage("static files", "collectstatic", "--noinput", "--verbosity", "0")
    stamp.write(wanted)


def _apps() -> list[Path]:
    return sorted(path.parent for path in ROOT.glob("*/apps.py") if path.parent.name not in OUTSIDE)
