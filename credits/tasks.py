"""The jobs of credits."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from core.jobs import job
from core.jobs.running import JobContext
from credits.services import beginning, certifying


@job("credits.render_certificate", max_attempts=8, lease_seconds=60)
def render_certificate(context: JobContext, certificate_id: str) -> dict[str, str]:
    """Render one certificate's PDF, 25 ms of CPU. Running it again renders the same."""
    return {"digest": certifying.store_document(certificate_id=UUID(certificate_id), now=context.now())}


@job("credits.begin_version", max_attempts=8, lease_seconds=300)
def begin_version(context: JobContext, version_id: str) -> dict[str, int]:
    """A scheme version begins: editions are announced anew, waiting completions are credited. Once, however often."""
    return beginning.begin(version_id=UUID(version_id), now=context.now(), keep=context.heartbeat)


@shared_task(name="credits.begin_versions")
def begin_versions() -> None:
    """Versions begin by their date, without anybody's doing."""
    beginning.begin_due(now=timezone.now())
