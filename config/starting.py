"""What a server process refuses to start with, since it would go unnoticed until it is too late."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


def refuse_without_keys() -> None:
    """In production: no root key, or not the database's. Raises ImproperlyConfigured.

    Asked in a thread of its own: an ASGI server loads us inside its event loop, where Django refuses the database.
    """
    if settings.XINGLIN_IS_DEMO:
        return
    with ThreadPoolExecutor(max_workers=1) as apart:
        sentence = apart.submit(_ask_and_close).result()
    if sentence:
        raise ImproperlyConfigured(f"Refusing to start in production: {sentence}")


def refuse_without_sms_driver() -> None:
    """In production: a driver that cannot be loaded would be missed with the first sign-in code.

    Asked when all apps are there, since a driver may use them. Raises ImproperlyConfigured.
    """
    if settings.XINGLIN_IS_DEMO:
        return
    refused = f"Refusing to start in production: XINGLIN_SMS_DRIVER={settings.XINGLIN_SMS_DRIVER}"
    try:
        driver = import_string(settings.XINGLIN_SMS_DRIVER)
    except Exception as error:  # whatever stands in a module that is not ours
        raise ImproperlyConfigured(f"{refused} cannot be loaded ({error}).") from error
    if not callable(getattr(driver, "send", None)):
        raise ImproperlyConfigured(f"{refused} has no way to send.")


def _ask_and_close() -> str:
    try:
        return what_is_wrong_with_keys()
    finally:
        connection.close()


def what_is_wrong_with_keys() -> str:
    """A sentence, or "". A database that does not answer now is told by /readyz; the folder alone is judged then."""
    from core.keys.selectors import SENTENCES, folder_state, state_of_keys

    state = folder_state()
    if state == "ok":
        try:
            state = state_of_keys()
        except DatabaseError:
            log.warning("the database does not answer: whether the root keys are its own is not known yet")
    return "" if state == "ok" else str(SENTENCES[state])
