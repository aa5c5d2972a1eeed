"""Load the code once, before the services are forked from it."""

from __future__ import annotations

import gc
from collections.abc import Sequence


def preload() -> None:
    """Django, every view behind the URL list, the task modules; then freeze the heap so that forks share it longer."""
    import django

    django.setup()
    from django.urls import get_resolver

    import config.asgi
    import config.celery
    import config.wsgi

    config.celery.app.loader.import_default_modules()
    _walk(get_resolver().url_patterns)
    gc.collect()
    gc.freeze()


def _walk(patterns: Sequence[object]) -> None:
    for pattern in patterns:
        _walk(getattr(pattern, "url_patterns", []))
