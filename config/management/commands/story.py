"""Walk the whole story over HTTP against a running site."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.story.own import NoOwnImages
from config.story.play import play
from config.story.telling import StoryFault


class Command(BaseCommand):
    help = "Two consults become cases, courses, credits and certificates; one line for each step."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base-url", default=settings.WAGTAILADMIN_BASE_URL, help="where the site answers")
        parser.add_argument("--dicom", default=os.environ.get("XINGLIN_DICOM", ""), help="a folder with your own study")
        parser.add_argument("--twice", action="store_true", help="send each form twice, as a double click does")

    def handle(self, *args: Any, **options: Any) -> None:
        source = Path(options["dicom"]) if options["dicom"] else None
        try:
            play(options["base_url"], source, timezone.localtime(), self._write, clicks_twice=options["twice"])
        except NoOwnImages as fault:
            raise CommandError(str(fault)) from fault
        except StoryFault as fault:
            raise CommandError(f"The story stopped: {fault}") from fault

    def _write(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
