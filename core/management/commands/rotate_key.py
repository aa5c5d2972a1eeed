"""Add a root key; from now on it encrypts, the older ones still decrypt."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.actor import SYSTEM
from core.errors import XinglinError
from core.keys.service import rotate_key


class Command(BaseCommand):
    help = "Add a root key to XINGLIN_KEYS_DIR. Back the folder up afterwards, apart from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = rotate_key(actor=SYSTEM, now=timezone.now())
        except XinglinError as refused:
            raise CommandError(f"{refused.sentence()} {refused.advice()}") from refused
        self.stdout.write(f"key {key.key_id} ({key.suite.name}, number {key.sequence}) encrypts from now on")
