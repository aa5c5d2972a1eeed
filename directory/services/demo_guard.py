"""The demo's published password and one-time secret open nothing outside the demo, whoever may hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from directory.seed.demo_people import PASSWORD, TOTP_SECRET

_PUBLISHED = frozenset({PASSWORD, TOTP_SECRET})


def is_published_secret(secret: str) -> bool:
    """Whether this is one of the demo's secrets and this is not the demo."""
    return not settings.XINGLIN_IS_DEMO and secret in _PUBLISHED


def check_demo_people(app_configs: Any = None, databases: Any = None, **kwargs: Any) -> Iterable[CheckMessage]:
    """Django system check (tag `database`): seeded people must not live in an installation that is no demo."""
    from directory.models import SeedStamp

    if settings.XINGLIN_IS_DEMO or not databases:
        return []
    if not SeedStamp.objects.using(next(iter(databases))).exists():
        return []
    return [
        Error(
            "This database holds the demo's people, and this installation is not a demo.",
            hint="Use a database that `manage.py seed` never wrote to. Sign-in refuses the demo's password meanwhile.",
            id="directory.E001",
        )
    ]
