"""Sealing each second."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.audit.sealing import seal_pending


@shared_task(name="core.audit.seal", queue="default", expires=5)
def seal() -> int:
    """Seal what is committed. A beat that no worker took within five seconds is dropped: the next one does its work."""
    return seal_pending(now=timezone.now())
