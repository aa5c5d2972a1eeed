"""`manage.py install_scheme FILE`: a credit scheme, or a new version of it, from its data file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import XinglinError
from credits.services.schemes import install_file


class Command(BaseCommand):
    help = "Install a credit scheme from its file; versions that are there already stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="as credits/schemes/qingjiang.json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            scheme = install_file(path=options["file"], now=timezone.now())
        except XinglinError as refused:
            raise CommandError(f"{refused.sentence()} {refused.advice()}") from refused
        self.stdout.write(f"credit scheme {scheme.code}: {scheme.versions.count()} versions")
