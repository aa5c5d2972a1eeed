"""What operations ask of a process."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from config import health


def test_healthz_touches_nothing(client: Client) -> None:
    # when (no database is allowed in this test)
    answer = client.get("/healthz")
    # then
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_readyz_names_what_is_missing(client: Client, db: None, settings: Any) -> None:
    # given a broker that nobody listens on
    settings.XINGLIN_BROKER_URL = "unix:///nowhere/valkey.sock?db=0"
    # when
    answer = client.get("/readyz")
    # then
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "database": "ok",
        "migrations": "ok",
        "keys": "ok",
        "broker": "ConnectionError",
        "worker": "silent",
        "events": "ok",
    }


def test_readyz_tells_when_the_worker_was_seen(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    cache.set(health.WORKER_KEY, time.time())
    monkeypatch.setattr(health, "broker", lambda: "ok")
    # when
    answer = client.get("/readyz")
    # then
    assert (answer.status_code, answer.json()["worker"]) == (200, "ok")
    cache.delete(health.WORKER_KEY)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.0.0.7", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}, 404),
        ("10.0.0.7", {"Authorization": "Bearer metrics-token"}, 200),
        ("10.0.0.7", {"Authorization": "Bearer wrong"}, 404),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str, headers: dict[str, str], status: int
) -> None:
    # given
    monkeypatch.setenv("XINGLIN_METRICS_TOKEN", "metrics-token")
    # when
    answer = client.get("/metrics", headers=headers, REMOTE_ADDR=address)
    # then
    assert answer.status_code == status
