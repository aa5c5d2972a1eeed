"""Nobody at the screen: the session ends, the page says so, and after sign-in one is back where one was."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.errors import Unauthenticated
from directory import idle
from directory.idle import Idle

SAFE = ("GET", "HEAD", "OPTIONS")
EDITOR = "/cms/"
EDITOR_PRESENCE = "/cms/editing-sessions/"  # Wagtail asks by itself who else has the page open


class IdleMiddleware:
    """After the messages, before the actor: whoever was away too long is nobody by the time somebody asks who it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.get(SESSION_KEY):
            found = _look(request)
            if found.is_over:
                return self._end(request, found)
            request.idle = found  # the shell draws the warning from it
            if is_activity(request) and idle.is_worth_noting(found):
                idle.note_activity(str(request.session.session_key), now=time.time())
        return self.get_response(request)

    def _end(self, request: HttpRequest, found: Idle) -> HttpResponse:
        """A page goes on as a visitor, which leads to sign-in where one is needed; a form leads there itself."""
        request.ended_idle = True  # for the trail
        logout(request)
        messages.info(request, _notice(found))
        if request.method in SAFE or not _is_navigation(request):
            return self.get_response(request)
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': _page_of_form(request)})}")


def is_activity(request: HttpRequest) -> bool:
    """Only what a person did: a page opened, a form sent, something typed in the editor.

    What a page asks by itself (polls, panels, frames of a picture) is none; a page in use says so at
    `/profile/activity/`.
    """
    if _is_navigation(request):
        return True
    is_editing = request.path.startswith(EDITOR) and not request.path.startswith(EDITOR_PRESENCE)
    return is_editing and request.method not in SAFE


def _is_navigation(request: HttpRequest) -> bool:
    """By what the browser says of the request (Fetch Metadata, Sec-Fetch-Mode); else by what it does not say."""
    mode = request.headers.get("Sec-Fetch-Mode")
    if mode is not None:
        return mode == "navigate"
    is_script = any(name in request.headers for name in ("HX-Request", "X-Requested-With", "X-Fragment", "X-Autosave"))
    return not is_script and "text/html" in request.headers.get("Accept", "text/html")


def _look(request: HttpRequest) -> Idle:
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    is_mfa_verified = any(record.get("method") == "mfa" for record in records)
    return idle.look(str(request.session.session_key), is_mfa_verified=is_mfa_verified, now=time.time())


def _notice(found: Idle) -> str:
    text = ngettext(
        "You were signed out after %(n)s minute without activity. Drafts that save themselves are kept. "
        "Sign in, and you are back on the page.",
        "You were signed out after %(n)s minutes without activity. Drafts that save themselves are kept. "
        "Sign in, and you are back on the page.",
        found.minutes,
    )
    return text % {"n": found.minutes}


def _page_of_form(request: HttpRequest) -> str:
    """The page that the form stood on, when it is one of ours."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return "/home/"
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@require_http_methods(["GET", "POST"])
def activity(request: HttpRequest) -> JsonResponse:
    """POST: somebody is there. GET: how many seconds are left, without counting as activity. 401 when it is over."""
    found: Idle | None = getattr(request, "idle", None)
    if found is None:
        raise Unauthenticated
    left = found.left
    if request.method == "POST":
        idle.note_activity(str(request.session.session_key), now=time.time())
        left = found.limit
    answer = JsonResponse({"left": round(left, 1)})
    answer["Cache-Control"] = "no-store"
    return answer
