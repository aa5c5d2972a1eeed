"""`manage.py extract_messages [APP ...]`: bring each app's own catalogue up to its sources."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.translation.catalogs import LANGUAGES, gaps, merge
from core.translation.packages import own_packages


class Command(BaseCommand):
    help = "Gather translatable strings from Python and templates into each app's catalogue; list what is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("apps", nargs="*", help="only these apps")

    def handle(self, *args: Any, apps: list[str], **options: Any) -> None:
        packages = {package.name: package for package in own_packages()}
        if unknown := sorted(set(apps) - packages.keys()):
            raise CommandError(f"not an app of this house: {', '.join(unknown)}")
        for name in apps or sorted(packages):
            for language in LANGUAGES:
                merge(packages[name], language)
                missing = gaps(packages[name], language)
                self.stdout.write(f"{name} {language}: {len(missing)} missing")
                for text in missing:
                    self.stdout.write(f"    {text!r}")
