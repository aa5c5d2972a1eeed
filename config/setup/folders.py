"""Where set-up keeps what it makes. Everything but the data folder can be deleted and is made again."""

from __future__ import annotations

import os
from pathlib import Path

from config.setup.halt import Halt

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
TOOLS = BUILD / "tools"
LOGS = BUILD / "logs"
STATIC = BUILD / "static"
TEMPLATES = BUILD / "templates"
PYTHON = VENV / "bin" / "python"


def data_folder(argument: str | None = None) -> Path:
    """`--data DIR`, else `XINGLIN_DATA`, else `var/` in the checkout. Raises Halt for a path that leads nowhere."""
    named = argument or os.environ.get("XINGLIN_DATA", "").strip() or ROOT / "var"
    try:
        return Path(named).expanduser().resolve()
    except RuntimeError:  # links that lead to one another, or the home of nobody (~name)
        raise Halt(f"The data folder {named} leads nowhere. Name another with --data DIR.") from None
