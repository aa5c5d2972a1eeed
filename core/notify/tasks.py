"""Sending as a durable job: a gateway that is down costs time, no message."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from core.errors import Unavailable
from core.jobs import job
from core.notify.models import Notification
from core.notify.sending import send

log = logging.getLogger(__name__)


@job("core.notify.send_outside", max_attempts=8)
def send_outside(context: Any, *, notification_ids: list[str]) -> dict[str, Any]:
    """Send a batch. One address that fails does not keep the others; the job is tried again for those left.

    Raises Unavailable when any could not be sent.
    """
    failed = 0
    rows = Notification.objects.filter(pk__in=notification_ids).order_by("pk")
    for position, row in enumerate(rows):
        try:
            send(row, context.now())
        except (SMTPException, OSError, Unavailable):
            log.warning("notification %s could not be sent", row.pk, exc_info=True)
            failed += 1
        context.progress(position, len(notification_ids))
    if failed:
        raise Unavailable
    return {"sent": len(rows)}
