"""What lms does when something happened elsewhere."""

from __future__ import annotations

from datetime import datetime

from cms.events import EditionOverlayChanged
from core import jobs
from lms.tasks import regrade_edition


def on_overlay_changed(event: EditionOverlayChanged, *, now: datetime) -> None:
    """Voided nodes leave the denominator of everybody in the edition: too many for a handler, so a job does it."""
    jobs.enqueue(regrade_edition, now=now, arguments={"edition_id": str(event.edition_id)})
