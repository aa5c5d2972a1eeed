"""The jobs of lms."""

from __future__ import annotations

from uuid import UUID

from core.jobs import job
from core.jobs.running import JobContext
from lms.services import regrading


@job("lms.regrade_edition", max_attempts=5, lease_seconds=300)
def regrade_edition(context: JobContext, edition_id: str) -> dict[str, int]:
    """Look again at every enrolment of an edition. Each is its own transaction, so a restart only repeats."""
    ids = regrading.enrolments_of(UUID(edition_id))
    for done, enrolment_id in enumerate(ids, 1):
        regrading.regrade(enrolment_id=enrolment_id, now=context.now())
        context.progress(done, len(ids))
    return {"enrolments": len(ids)}
