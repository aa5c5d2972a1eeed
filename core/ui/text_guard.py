"""Texts that no database column can hold are refused before a view reads them.

PostgreSQL stores no NUL character and answers it with an error in the middle of a query. No person can type one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from core.errors import XinglinError
from core.ui.problems import respond

NUL = "\0"
FORM, UPLOAD = "application/x-www-form-urlencoded", "multipart/form-data"


class UnreadableText(XinglinError):
    """A NUL character in the address or in a field of a form."""

    code = "unreadable_text"
    status = 400
    message = _("The address or the form holds a character that cannot be stored. Nothing was saved.")
    next_step = _("Take it out and send it again. It is invisible and usually comes with pasted text.")


class TextGuardMiddleware:
    """Answers 400 to a NUL in the path, the query or a form.

    A form is read here only where reading it costs nothing more: a plain form is small and kept by the request, and a
    form with files was parsed by the check of its token already, or will be by the view behind that check. Whatever
    else is sent (DICOM, a file by machine) is left to its reader, as a stream.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if NUL in request.path or NUL.encode() in query or _form_holds_nul(request, view):
            return respond(UnreadableText(), request)
        return None


def _form_holds_nul(request: HttpRequest, view: Any) -> bool:
    if request.method != "POST":
        return False
    is_read_anyway = request.content_type == FORM or (
        request.content_type == UPLOAD and not getattr(view, "csrf_exempt", False)
    )
    return is_read_anyway and _holds_nul(request.POST)


def _holds_nul(form: QueryDict) -> bool:
    return any(NUL in name or any(NUL in value for value in values) for name, values in form.lists())
