"""Rounds of the composition root itself."""

from __future__ import annotations

from celery import shared_task

from config.health import note_worker


@shared_task(name="config.worker_seen")
def worker_seen() -> None:
    """A sign of life for `/readyz` and for the supervisor."""
    note_worker()
