"""Check the whole audit trail: entries, seals, and the heads outside the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.audit.verifying import Verification


class Command(BaseCommand):
    help = "Check every audit entry and seal. One line for each fault, exit status 1 when there is any."

    def handle(self, *args: Any, **options: Any) -> None:
        verification = Verification(timezone.now())
        faults = 0
        for fault in verification.faults():
            faults += 1
            self.stdout.write(str(fault))
        counted = f"{verification.entries} entries, {verification.seals} seals, {verification.chains} chains"
        self.stdout.write(f"audit: {counted}, {faults} faults")
        if faults:
            raise SystemExit(1)
