"""`manage.py seed`: the fictional province with its people and a year of history, from a fixed seed."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.seeding import reference_moment, seed_all
from core.actor import SYSTEM
from core.errors import XinglinError
from core.keys.service import create_key


class Command(BaseCommand):
    help = "Writes the demo's province, people and history. What is there already is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help="last day of the history, ISO 8601 (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.XINGLIN_IS_DEMO:
            raise CommandError("The seed has a published password. It runs only where XINGLIN_IS_DEMO is on.")
        try:
            create_key(actor=SYSTEM, now=timezone.now())
        except XinglinError as refused:
            raise CommandError(f"{refused.sentence()} {refused.advice()}") from refused
        for app, is_new in seed_all(reference_moment(self._clock(options["now"]))):
            self.stdout.write(f"{app}: {'written' if is_new else 'already there'}")

    def _clock(self, given: str | None) -> datetime:
        if given is None:
            return timezone.now()
        try:
            moment = datetime.fromisoformat(given)
        except ValueError:
            raise CommandError(f"--now {given!r} is not a date such as 2026-11-22.") from None
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
