"""Which language a visitor reads, from the cookie or the browser alone: no session, no database."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

COOKIE_AGE = 365 * 24 * 60 * 60


def supported(code: str) -> str | None:
    """Our code for a wished language ("zh-CN" is "zh-hans"), or None."""
    try:
        return get_supported_language_variant(code)
    except LookupError:
        return None


def visitor_language(request: HttpRequest) -> str:
    """Cookie, then Accept-Language, then the installation's own language."""
    cookie = supported(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
    if cookie:
        return cookie
    for code, _quality in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "").lower()):
        if code == "*":
            break
        if found := supported(code):
            return found
    return settings.LANGUAGE_CODE
