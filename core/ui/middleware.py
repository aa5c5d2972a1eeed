"""Language, errors and waiting counts, at the edge of every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.errors import Conflict, Forbidden, XinglinError
from core.ui import counts
from core.ui.access import actor_of
from core.ui.language import supported, visitor_language
from core.ui.problems import respond
from core.ui.refusals import record_refusal

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """The reader's language: profile, then cookie, then browser.

    The profile is only asked when the request brings a session cookie, and only just before the view: by then the
    person is loaded anyway, and an anonymous request costs nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._use(request, visitor_language(request))
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return
        if chosen := supported(getattr(request.user, "language", "")):
            self._use(request, chosen)

    @staticmethod
    def _use(request: HttpRequest, language: str) -> None:
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _was_streamed(request: HttpRequest) -> bool:
    """Whether the view took the body itself, so that neither a form nor `request.body` holds it any more."""
    is_taken = getattr(request, "_read_started", False) and not hasattr(request, "_body")
    return is_taken and request.content_type != "multipart/form-data"


class ErrorMiddleware:
    """Turns a named error into a sentence or a problem document; after a change, waiting counts are read anew."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and (person_id := actor_of(request).person_id):
            counts.forget(person_id)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, IntegrityError) and request.method == "POST":
            return self._once_more(request)
        if not isinstance(exception, XinglinError):
            return None
        if isinstance(exception, Forbidden):
            record_refusal(exception, request)
        return respond(exception, request)

    def _once_more(self, request: HttpRequest) -> HttpResponse | None:
        """A double click: two requests inserted the same key at the same moment, and this one lost.

        The winner's row stands now, so the same view meets it and answers as if it had come later. When it fails
        again the row belongs to somebody else. A body that the view read as a stream cannot be read a second time:
        the view would judge an empty one, so whoever sent it is asked to send it again.
        """
        match = request.resolver_match
        if match is None or getattr(request, "was_repeated", False):
            return None
        if _was_streamed(request):
            return respond(Conflict(), request)
        request.was_repeated = True
        for _name, files in request.FILES.lists():
            for file in files:
                file.seek(0)
        try:
            return match.func(request, *match.args, **match.kwargs)
        except IntegrityError:
            return respond(Conflict(), request)
        except XinglinError as error:
            return self.process_exception(request, error)
