"""Make a read table anew from its owners' tables."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core.rebuilding import rebuild_names, run_rebuild


class Command(BaseCommand):
    help = "Make a read table anew from its owners' tables, for example: rebuild search"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=rebuild_names())

    def handle(self, *args: Any, **options: Any) -> None:
        counts = run_rebuild(options["name"], now=timezone.now())
        for sort, count in counts.items():
            self.stdout.write(f"{options['name']} {sort}: {count}")
        self.stdout.write(f"{options['name']}: {sum(counts.values())} in all")
