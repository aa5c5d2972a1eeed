"""What operations ask: is the process up, can it serve, how is it doing.

`/healthz` answers without touching anything. `/readyz` asks the database, the schema and the broker and answers 503
with the name of what is missing. `/metrics` is for this machine, or for whoever brings `XINGLIN_METRICS_TOKEN`.
"""

from __future__ import annotations

import hmac
import time
from functools import cache

import redis
from django.conf import settings
from django.core.cache import cache as shared_cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django_prometheus.exports import ExportToDjangoView
from redis.exceptions import RedisError

from config import environment as env
from core.full_disk import is_full_disk
from core.keys.selectors import state_of_keys
from core.outbox.selectors import stuck_events

WORKER_KEY = "operations:worker-seen"
WORKER_SILENT = 60.0  # seconds without a sign after which the worker counts as silent
LOOPBACK = {"127.0.0.1", "::1"}


def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when this process can serve. A silent worker and stuck events are told, not counted: pages are served."""
    parts = {"database": database(), "migrations": _migrations(), "keys": keys(), "broker": broker()}
    is_ready = all(answer == "ok" for answer in parts.values())
    told = {"worker": worker(), "events": events()}
    answer = JsonResponse({"ready": is_ready, **parts, **told}, status=200 if is_ready else 503)
    answer["Cache-Control"] = "no-store"
    return answer


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text. Anyone else than this machine and the token's holder gets a bare 404."""
    if not (_is_local(request) or _has_token(request)):
        return HttpResponse(status=404)
    response: HttpResponse = ExportToDjangoView(request)
    return response


def note_worker() -> None:
    """Called by a task every few seconds: beat, broker and worker have all done their part."""
    shared_cache.set(WORKER_KEY, time.time(), timeout=int(WORKER_SILENT * 10))


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _migrations() -> str:
    try:
        return "ok" if _is_migrated() else "missing"
    except DatabaseError as error:
        return type(error).__name__


def _is_migrated() -> bool:
    """Asked of the database until it is true; a running process does not go back to an older schema."""
    if not _all_applied():
        _all_applied.cache_clear()
        return False
    return True


@cache
def _all_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def keys() -> str:
    """ "ok", or that the key folder holds none, lacks one of the database's, or has one that is not the database's."""
    try:
        return state_of_keys()
    except DatabaseError as error:
        return type(error).__name__


def broker() -> str:
    if not settings.XINGLIN_BROKER_URL:
        return "not configured"
    if not settings.XINGLIN_BROKER_URL.startswith(("redis", "unix")):
        return "ok"
    client = redis.Redis.from_url(settings.XINGLIN_BROKER_URL, socket_timeout=2, socket_connect_timeout=2, retry=None)
    try:
        client.ping()
    except (RedisError, OSError) as error:
        return "disk full" if is_full_disk(error) else type(error).__name__
    finally:
        client.close()
    return "ok"


def worker() -> str:
    try:
        seen = shared_cache.get(WORKER_KEY)
    except (RedisError, OSError):
        return "unknown"
    return "ok" if seen and time.time() - seen < WORKER_SILENT else "silent"


def events() -> str:
    """ "ok", or how many events have failed so often that somebody should look (`core.outbox.selectors`)."""
    try:
        number = stuck_events().count()
    except DatabaseError:
        return "unknown"
    return f"{number} not delivered" if number else "ok"


def _is_local(request: HttpRequest) -> bool:
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "HTTP_X_FORWARDED_FOR" not in request.META


def _has_token(request: HttpRequest) -> bool:
    token = env.text("XINGLIN_METRICS_TOKEN")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(token.encode(), given.encode())
