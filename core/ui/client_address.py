"""Which address a request came from, behind the proxies that the deployer named."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that the outermost trusted proxy saw; without proxies the peer's own.

    `settings.ALLAUTH_TRUSTED_PROXY_COUNT` proxies each append one address to X-Forwarded-For (RFC 7239, 5.2): the
    client's stands that many places from the end. Whatever stands before it, the client may have written itself.
    """
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return chain[-count] if 0 < count <= len(chain) else request.META.get("REMOTE_ADDR", "")
