"""`manage.py check --deploy` refuses a key folder that is empty or another installation's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError

from core.keys.selectors import SENTENCES, folder_state, state_of_keys


def check_keys(app_configs: Any = None, **kwargs: Any) -> Iterable[CheckMessage]:
    """A database that does not answer, or has no tables yet, says nothing about the folder."""
    try:
        state = state_of_keys()
    except DatabaseError:
        state = folder_state()
    return [] if state == "ok" else [Error(str(SENTENCES[state]), id="core.E002")]
