"""The websockets' process answers addresses that nobody owns without an error."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from config.asgi import NO_SUCH_ADDRESS, application


def exchange(scope: dict[str, Any], received: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return received

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as threads:  # a thread of its own: a browser test may have left its loop in this one
        threads.submit(asyncio.run, application(scope, receive, send)).result()
    return sent


def test_an_unknown_websocket_is_closed() -> None:
    # given
    headers = [(b"origin", b"http://127.0.0.1"), (b"host", b"127.0.0.1")]
    scope = {"type": "websocket", "path": "/ws/nowhere/", "headers": headers}
    # when / then
    assert exchange(scope, {"type": "websocket.connect"}) == [{"type": "websocket.close", "code": NO_SUCH_ADDRESS}]


def test_a_page_is_not_served_there() -> None:
    # when
    sent = exchange({"type": "http", "path": "/", "method": "GET", "headers": []}, {"type": "http.request"})
    # then
    assert (sent[0]["status"], sent[1]["body"]) == (404, b"Only websockets are served here.\n")


def test_it_can_be_asked_inside_a_running_loop() -> None:
    # given a loop that runs in this thread, as a browser driver leaves one
    async def outside() -> list[dict[str, Any]]:
        return exchange({"type": "http", "path": "/", "method": "GET", "headers": []}, {"type": "http.request"})

    # when
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(asyncio.run, outside()).result()
    # then
    assert sent[0]["status"] == 404
