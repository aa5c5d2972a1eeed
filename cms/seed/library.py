"""The library's first entries: one-page handouts that stand on the seeded courses."""

from __future__ import annotations

from pathlib import Path

from cms.models import LibraryIndexPage, LibraryPage
from cms.richtext import from_plain

HERE = Path(__file__).resolve().parent / "handouts"


def plant_library() -> None:
    """Add the files of `handouts/` below /library/, once: a head of `name: value` lines, then plain text."""
    index = LibraryIndexPage.objects.get()
    for path in sorted(HERE.glob("*.txt")):
        if LibraryPage.objects.child_of(index).filter(slug=path.stem).exists():
            continue
        head, _blank, text = path.read_text(encoding="utf-8").partition("\n\n")
        values = dict(line.split(": ", 1) for line in head.splitlines())
        index.add_child(instance=LibraryPage(slug=path.stem, text=from_plain(text), **values))
