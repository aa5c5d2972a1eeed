"""The environment, read once and typed. An unreadable value refuses to start with a sentence that names it."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def required(name: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Production needs it; see docs/operations.md.")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither true nor false.")


def integer(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None


def number(name: str, default: float) -> float:
    """Above zero."""
    value = text(name)
    try:
        found = float(value) if value else default
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise ImproperlyConfigured(f"{name}={value!r} is not a number above zero.")
    return found


def items(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def level(name: str, default: str) -> str:
    """A level of Python's logging, by its name in any case."""
    value = text(name, default).upper() or default
    if value not in (known := logging.getLevelNamesMapping()):
        raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join(known)}.")
    return value


def folder(name: str, default: Path = ROOT) -> Path:
    """Its path with every link followed."""
    try:
        return Path(text(name) or default).resolve()
    except (OSError, RuntimeError):  # links that lead to one another
        raise ImproperlyConfigured(f"{name}={text(name)} leads nowhere: its links go round in a circle.") from None


def data_folder() -> Path:
    """The one folder that holds everything that lasts: `XINGLIN_DATA`, else `var/` in the checkout."""
    return folder("XINGLIN_DATA", ROOT / "var")
