"""Where set-up keeps what it makes. Everything but the data folder can be deleted and is made again."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
TOOLS = BUILD / "tools"
LOGS = BUILD / "logs"
STATIC = BUILD / "static"
TEMPLATES = BUILD / "templates"
PYTHON = VENV / "bin" / "python"


def data_folder(argument: str | None = None) -> Path:
    """`--data DIR`, else `XINGLIN_DATA`, else `var/` in the checkout."""
    return Path(argument or os.environ.get("XINGLIN_DATA", "").strip() or ROOT / "var").expanduser().resolve()
