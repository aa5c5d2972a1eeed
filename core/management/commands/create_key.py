"""`manage.py create_key`: the first root key, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.actor import SYSTEM
from core.errors import XinglinError
from core.keys.service import create_key


class Command(BaseCommand):
    help = "Make the first root key in XINGLIN_KEYS_DIR; a key that is there already is only written down."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key, is_new = create_key(actor=SYSTEM, now=timezone.now())
        except XinglinError as refused:
            raise CommandError(f"{refused.sentence()} {refused.advice()}") from refused
        told = "was made: back the key folder up, apart from the database" if is_new else "is there and written down"
        self.stdout.write(f"key {key.key_id} ({key.suite.name}, number {key.sequence}) {told}")
