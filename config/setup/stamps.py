"""Stamps: a step is done again only when a hash of its inputs has changed, which takes milliseconds to find out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from config.setup.folders import BUILD, ROOT


def digest(files: Iterable[Path], *words: str) -> str:
    """SHA-256 over names and contents of the files (those that exist) and over `words`; 32 hex digits of it."""
    total = hashlib.sha256("\n".join(words).encode())
    for path in sorted(set(files)):
        if path.is_file():
            total.update(f"\0{path.relative_to(ROOT)}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:32]


def tree(folder: Path, *patterns: str, without: tuple[str, ...] = ()) -> list[Path]:
    """Files below `folder` that match a pattern, leaving out folders named in `without`."""
    if not folder.is_dir():
        return []
    found = (path for pattern in patterns or ("*",) for path in folder.rglob(pattern))
    return [path for path in found if not set(path.relative_to(folder).parts) & set(without)]


class Stamp:
    """The hash of the inputs that a step was last done for, in `build/stamps/`."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self.path = (folder or BUILD / "stamps") / name

    def is_fresh(self, value: str) -> bool:
        return self.read() == value

    def read(self) -> str:
        return self.path.read_text().strip() if self.path.is_file() else ""

    def write(self, value: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(value + "\n")
