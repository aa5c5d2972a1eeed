"""`manage.py build_catalogs`: compile every translation catalogue that has changed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.translation.catalogs import compile_all


class Command(BaseCommand):
    help = "Compile the translation catalogues (.po) into what is read at run time (.mo)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="compile those that have not changed, too")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        written = compile_all(Path(settings.BASE_DIR), force=force)
        self.stdout.write(f"{written} catalogues compiled")
