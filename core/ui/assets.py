"""The built front end: which files an entry needs, from Vite's manifest.

The addresses are Vite's own, already named by content: the static storage must not name them a second time, because a
module loaded under two names runs twice.

Without a build (a checkout whose tests run before `npm run build`) every entry is empty and pages stay readable HTML.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

PREFIX = "app"
#: Charts and the player are chunks that `main` loads when a page needs them.
SOURCES = {"main": "src/main.js", "admin": "src/css/admin.css"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Addresses as a page names them."""

    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


def manifest_path() -> Path:
    return Path(settings.BASE_DIR) / "frontend" / "dist" / "manifest.json"


@cache
def _manifest(path: Path) -> dict[str, dict[str, object]]:
    if not path.exists():
        return {}
    loaded: dict[str, dict[str, object]] = json.loads(path.read_text())
    return loaded


def entry(name: str) -> Entry:
    """The files of one entry. Raises KeyError for an entry that the front end does not define."""
    chunk = _manifest(manifest_path()).get(SOURCES[name])
    if chunk is None:
        return Entry()
    root = f"{settings.STATIC_URL}{PREFIX}/"
    file = f"{root}{chunk['file']}"
    css = chunk.get("css", [])
    styles = tuple(f"{root}{path}" for path in css) if isinstance(css, list) else ()
    if file.endswith(".css"):
        return Entry(styles=(file, *styles))
    return Entry(styles=styles, scripts=(file,))
