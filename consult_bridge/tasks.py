"""Work outside the request: the PDF of a signed opinion, and the watch over the clocks."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from core.errors import XinglinError
from core.jobs import job
from core.jobs.running import JobContext

logger = logging.getLogger(__name__)


@job("consult_bridge.make_opinion_document", queue="default", max_attempts=5, lease_seconds=120)
def make_opinion_document(context: JobContext, *, opinion_id: str) -> dict[str, Any]:
    """Render the signed opinion as PDF and keep it. Repeating it changes nothing."""
    from consult_bridge.services.documents import keep_opinion_document

    return {"sha256": keep_opinion_document(opinion_id=UUID(opinion_id), now=context.now())}


@shared_task(name="consult_bridge.watch_clocks")
def watch_clocks() -> None:
    """Every minute: mark what is past its time, end what waited too long. One bad row stops no other."""
    from consult_bridge.services import clocks

    now = timezone.now()
    for service, ids in ((clocks.mark_overdue, clocks.overdue_ids(now)), (clocks.expire, clocks.expired_ids(now))):
        for consult_id in ids:
            try:
                service(consult_id=consult_id, now=now)
            except XinglinError:
                logger.exception("clock of consult %s", consult_id)
