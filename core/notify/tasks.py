"""Sending as a durable job. A gateway may be away for a day; what is not sent then is a dead job that the operations
page lists and an administrator tries again (`config.operations_work`)."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from core.errors import Unavailable
from core.jobs import A_DAY, job
from core.notify.models import Notification
from core.notify.sending import send

log = logging.getLogger(__name__)


PRESSING_PAUSE = timedelta(minutes=1)


@job("core.notify.send_outside", retry_for=A_DAY)
def send_outside(context: Any, *, notification_ids: list[str]) -> dict[str, Any]:
    """Send a batch. One address that fails does not keep the others; the job is tried again for those left.

    Raises Unavailable when any could not be sent.
    """
    return _send_all(context, notification_ids)


@job("core.notify.send_pressing", retry_for=A_DAY, longest_pause=PRESSING_PAUSE)
def send_pressing(context: Any, *, notification_ids: list[str]) -> dict[str, Any]:
    """As `send_outside`, each minute: a critical value does not wait long for a gateway that is back."""
    return _send_all(context, notification_ids)


def _send_all(context: Any, notification_ids: list[str]) -> dict[str, Any]:
    failed = 0
    rows = Notification.objects.filter(pk__in=notification_ids).order_by("pk")
    for position, row in enumerate(rows):
        try:
            send(row, context.now())
        except (SMTPException, OSError, Unavailable) as error:  # what it says may name the address
            log.warning("notification %s could not be sent: %s", row.pk, type(error).__name__)
            failed += 1
        context.progress(position, len(notification_ids))
    if failed:
        raise Unavailable
    return {"sent": len(rows)}
