"""Every websocket address, gathered from the apps that own them."""

from typing import Any

websocket_urlpatterns: list[Any] = []
