"""Add a root key; from now on it encrypts, the older ones still decrypt."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.actor import SYSTEM
from core.audit import record
from core.crypto.keyring import keyring


class Command(BaseCommand):
    help = "Add a root key to XINGLIN_KEYS_DIR. Back the folder up afterwards, apart from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        key = keyring().rotate()
        record(
            action="key.rotated",
            actor=SYSTEM,
            subject_type="key",
            subject_id=key.key_id,
            details={"suite": key.suite.name, "sequence": key.sequence},
            now=timezone.now(),
        )
        self.stdout.write(f"key {key.key_id} ({key.suite.name}, number {key.sequence}) encrypts from now on")
