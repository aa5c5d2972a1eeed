"""Write the generated pages of the documentation, or check that they are current."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.documentation import events, machines, rooms
from config.environment import ROOT


class Command(BaseCommand):
    help = "Write the generated documentation: the rooms' picture, the state machines, the events."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        pages = {
            "docs/rooms.svg": rooms.picture(rooms.layers(ROOT / "pyproject.toml")),
            "docs/states.md": machines.page(),
            "docs/interfaces/events.md": events.page(),
        }
        stale = [name for name, text in pages.items() if not _is_current(name, text)]
        if options["check"]:
            if stale:
                raise CommandError(f"Out of date: {', '.join(stale)}. Run manage.py build_docs.")
            return
        for name in stale:
            (ROOT / name).write_text(pages[name])
            self.stdout.write(f"wrote {name}")


def _is_current(name: str, text: str) -> bool:
    path = ROOT / name
    return path.exists() and path.read_text() == text
