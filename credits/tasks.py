"""The jobs of credits."""

from __future__ import annotations

from uuid import UUID

from core.jobs import job
from core.jobs.running import JobContext
from credits.services import certifying


@job("credits.render_certificate", max_attempts=8, lease_seconds=60)
def render_certificate(context: JobContext, certificate_id: str) -> dict[str, str]:
    """Render one certificate's PDF, 25 ms of CPU. Running it again renders the same."""
    return {"digest": certifying.store_document(certificate_id=UUID(certificate_id), now=context.now())}
