"""Text messages through a driver. Which one is `settings.XINGLIN_SMS_DRIVER`, a dotted path to a `Driver`."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from core.errors import Unavailable


class SmsFailed(Unavailable):
    """The gateway did not take the message."""

    code = "sms_failed"


class Driver(Protocol):
    def send(self, *, phone: str, text: str, now: datetime) -> None:
        """Hand one message to the gateway. Raises SmsFailed."""
        ...


class LogDriver:
    """Appends each message as a JSON line to `settings.XINGLIN_SMS_LOG` and returns when it is on disk."""

    def send(self, *, phone: str, text: str, now: datetime) -> None:
        path = Path(settings.XINGLIN_SMS_LOG)
        line = json.dumps({"at": now.isoformat(), "phone": phone, "text": text}, ensure_ascii=False) + "\n"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise SmsFailed from error


def send_sms(*, phone: str, text: str, now: datetime) -> None:
    """Send one text message now. Never inside a transaction, never with patient data. Raises SmsFailed."""
    driver = cast(Driver, import_string(settings.XINGLIN_SMS_DRIVER)())
    driver.send(phone=phone, text=text, now=now)
