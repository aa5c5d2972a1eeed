"""The two columns of the design: from `DATABASE_URL`, `BROKER_URL` and `CACHE_URL` to Django's settings.

With none of them set this is the embedded column: SQLite in the data folder, Valkey on a unix socket whose address the
supervisor leaves in `broker/url`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import ExponentialBackoff
from redis.exceptions import BusyLoadingError
from redis.retry import Retry

from config import environment as env


def databases(data: Path) -> dict[str, dict[str, Any]]:
    """One database. SQLite runs in WAL mode with immediate transactions, so that a writer waits instead of failing."""
    url = env.text("DATABASE_URL")
    if url:
        return {"default": _parsed(url)}
    return {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data / "db.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
                "PRAGMA mmap_size=134217728;PRAGMA cache_size=-8000;",
            },
        }
    }


def _parsed(url: str) -> dict[str, Any]:
    try:
        return dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except ValueError:  # its own words may hold a part of a password
        raise ImproperlyConfigured("DATABASE_URL is not an address of a database.") from None


def broker_url(data: Path) -> str:
    """`BROKER_URL`, else what the embedded broker wrote when it started, else nothing."""
    if url := env.text("BROKER_URL"):
        return url
    left = data / "broker" / "url"
    return left.read_text().strip() if left.exists() else ""


def celery_broker(url: str) -> str:
    """Celery spells a Redis socket differently from the Redis client."""
    return url.replace("unix://", "redis+socket://", 1) if url.startswith("unix://") else url


def caches(redis_url: str) -> dict[str, dict[str, Any]]:
    """Sessions and pages live here; without a broker each process has its own memory (management commands)."""
    url = env.text("CACHE_URL") or redis_url
    if not url:
        room = {"MAX_ENTRIES": 20_000}  # Django's 300 would push sessions out
        return {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": room}}
    return {
        "default": {
            "BACKEND": "core.kept.Cache",
            "LOCATION": url,
            "KEY_PREFIX": "x",
            "OPTIONS": {"retry": _patience(), "retry_on_error": [BusyLoadingError]},
        }
    }


def _patience() -> Retry:
    """About five seconds in all: a broker that is being restarted costs a visitor a moment, not an error page."""
    return Retry(ExponentialBackoff(cap=0.5, base=0.05), retries=12)


def channel_layers(redis_url: str) -> dict[str, dict[str, Any]]:
    if not redis_url:
        return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    return {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [redis_url]}}}
