"""Whole public pages for visitors without a session, ahead of every other middleware.

It reads language and theme from cookies and Accept-Language itself, because the middleware that usually does so runs
later. Nothing personal may stand in such a page; what is personal is loaded as a fragment. A visitor with a session
cookie always passes by. The catalogue's epoch is part of the entry: publishing, voiding or withdrawing bumps it, and
every page stored before is ignored from then on.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from core import kept
from core.ui.context import THEME_COOKIE, THEMES
from core.ui.language import visitor_language

if TYPE_CHECKING:
    from core.ui.middleware import GetResponse

EPOCH_KEY = "catalogue-epoch"
KEPT_SECONDS = 300
MAX_QUERY_PAIRS = 4
MAX_QUERY_LENGTH = 200
PUBLIC_PAGES = frozenset({"/"})
PUBLIC_PREFIXES = ("/courses/", "/library/", "/about/", "/help/", "/news/")


class StoredPage(NamedTuple):
    epoch: int
    body: bytes
    headers: dict[str, str]


def bump_epoch() -> None:
    """Forget every stored public page, at once and in every process; on a full disk when their time is over."""
    kept.count_up(EPOCH_KEY, None)


def current_epoch() -> int:
    """Part of the key of every stored piece of a public page."""
    epoch: int = cache.get(EPOCH_KEY, 0)
    return epoch


def _is_public(path: str) -> bool:
    return path in PUBLIC_PAGES or path.startswith(PUBLIC_PREFIXES)


def _key(request: HttpRequest) -> str | None:
    """The entry's key, or None when this request is passed by."""
    query = request.META.get("QUERY_STRING", "")
    is_personal = settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES
    if request.method != "GET" or is_personal or not _is_public(request.path):
        return None
    if len(query) > MAX_QUERY_LENGTH or "HTTP_AUTHORIZATION" in request.META or "HTTP_HX_REQUEST" in request.META:
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(pairs) > MAX_QUERY_PAIRS:
        return None
    theme = request.COOKIES.get(THEME_COOKIE, "")
    host = request.META.get("HTTP_HOST", "")
    parts = (host, request.path, urlencode(sorted(pairs)), visitor_language(request), theme if theme in THEMES else "")
    return "page:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _may_store(response: HttpResponse) -> bool:
    control = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not any(word in control for word in ("private", "no-store", "no-cache"))
    )


class AnonymousPageCache:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        found = cache.get_many([EPOCH_KEY, key])
        epoch = found.get(EPOCH_KEY, 0)
        stored: StoredPage | None = found.get(key)
        if stored is not None and stored.epoch == epoch:
            return HttpResponse(stored.body, headers={**stored.headers, "X-Page-Cache": "hit"})
        response = self.get_response(request)
        if _may_store(response):
            kept.keep(key, StoredPage(epoch, response.content, dict(response.headers)), KEPT_SECONDS)
        return response
