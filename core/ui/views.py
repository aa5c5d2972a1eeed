"""The shell's own pages: what needs me now, the component sheet, language, appearance, errors."""

from __future__ import annotations

import secrets
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from core.errors import Forbidden, NotFound
from core.full_disk import StorageFull, is_full_disk
from core.states import MACHINES
from core.ui import registry
from core.ui.access import actor_of, signed_in
from core.ui.context import THEME_COOKIE, THEMES
from core.ui.language import COOKIE_AGE, supported
from core.ui.problems import FormExpired, FormTooLarge, FormTooLong, Malformed, respond
from core.ui.sample import sample_context


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The first screen after sign-in: what needs this person now, the urgent first."""
    actor, now = actor_of(request), timezone.now()
    tasks = registry.tasks_for(actor, now)
    return render(
        request,
        "ui/home.html",
        {"tasks": tasks, "now": now},
    )


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Every area and the settings on one page: the fifth tab on a phone."""
    return render(request, "ui/more.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to get help, the keys, privacy in short, accessibility: for everybody, the same for everybody."""
    return render(request, "ui/help.html")


@require_safe
@signed_in
def components(request: HttpRequest) -> HttpResponse:
    """The living component sheet: every component and every state of every machine in use."""
    machines = [MACHINES[name] for name in sorted(MACHINES)]
    return render(request, "ui/components.html", {"machines": machines, **sample_context(timezone.now())})


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that the form stood on, never off this site."""
    target = request.POST.get("next", "/")
    is_safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if is_safe else "/")


def _remember(request: HttpRequest, response: HttpResponse, *, cookie: str, field: str, value: str) -> None:
    """Keep a choice in this browser and, for somebody signed in, on the person."""
    response.set_cookie(cookie, value, max_age=COOKIE_AGE, samesite="Lax", secure=request.is_secure())
    if actor_of(request).is_signed_in:
        person: Any = request.user  # signed in, so the person's own row
        setattr(person, field, value)
        person.save(update_fields=[field])


# Both forms stand on stored public pages, which cannot hold a token. A forged post could only change the language or
# appearance of this browser: SameSite=Lax keeps the session out of it.
@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    if chosen := supported(request.POST.get("language", "")):
        _remember(request, response, cookie=settings.LANGUAGE_COOKIE_NAME, field="language", value=chosen)
    return response


@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        _remember(request, response, cookie=THEME_COOKIE, field="theme", value=theme)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A form over the size or the number of fields that one request may bring, or a request that is malformed."""
    if isinstance(exception, RequestDataTooBig):
        return respond(FormTooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20), request)
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return respond(FormTooLong(), request)
    return respond(Malformed(), request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return respond(NotFound(), request)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return respond(Forbidden(), request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return respond(FormExpired(), request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Stands on nothing that may be broken: no database, no session, no person. A full disk is told as one."""
    if is_full_disk(sys.exception()):
        return respond(StorageFull(), request)
    language = translation.get_language() or settings.LANGUAGE_CODE
    context = {
        "reference": secrets.token_hex(3).upper(),
        "html_language": "zh-Hans" if language == "zh-hans" else language,
    }
    return HttpResponse(render_to_string("ui/server_error.html", context), status=500)
