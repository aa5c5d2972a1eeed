"""The websockets' process answers addresses that nobody owns without an error."""

from __future__ import annotations

import asyncio
from typing import Any

from config.asgi import NO_SUCH_ADDRESS, application


def exchange(scope: dict[str, Any], received: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return received

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application(scope, receive, send))
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
