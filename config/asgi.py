"""Websockets only: plain pages are served over WSGI, which is twice as fast for them (ADR 0003)."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import re_path

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")  # a demo names its own
get_asgi_application()

from config.routing import websocket_urlpatterns  # noqa: E402  (after the app registry is ready)
from config.starting import refuse_without_keys  # noqa: E402

refuse_without_keys()

NO_SUCH_ADDRESS = 4404  # close code of our own range, after HTTP's 404


async def refuse(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """A websocket address that nobody owns."""
    await receive()
    await send({"type": "websocket.close", "code": NO_SUCH_ADDRESS})


async def no_pages(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """A plain request that came to the websockets' port."""
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"Only websockets are served here.\n"})


routes = URLRouter([*websocket_urlpatterns, re_path("", refuse)])  # type: ignore[arg-type]  # an ASGI application
application = ProtocolTypeRouter(
    {"websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(routes)), "http": no_pages}
)
