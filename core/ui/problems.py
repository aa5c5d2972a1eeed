"""Errors at the edge: a sentence on a page for a person, a problem document (RFC 9457) for a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Forbidden, Invalid, NotFound, XinglinError

PROBLEM_TYPE = "application/problem+json"
MACHINE_PREFIXES = ("/api/", "/dicomweb/", "/teaching/dicomweb/", "/fhir/", "/xapi/", "/cmi5/", "/scorm/", "/lti/")


class FormExpired(XinglinError):
    """The form's token is missing or old."""

    code = "form_expired"
    status = 403
    message = gettext_lazy("This form is too old, or cookies are switched off. Nothing was saved.")
    next_step = gettext_lazy(
        "Open the form again and send it once more. Your browser must allow cookies from this site."
    )


class FormTooLarge(XinglinError):
    code = "form_too_large"
    status = 413
    message = gettext_lazy("The text of this form is longer than %(limit)s MB. Nothing was saved.")
    next_step = gettext_lazy("Go back, shorten the text or attach it as a file, and send it again.")


class FormTooLong(XinglinError):
    code = "form_too_long"
    status = 400
    message = gettext_lazy("This form has more fields or files than one request may bring. Nothing was saved.")
    next_step = gettext_lazy("Go back and send it in two parts.")


class Malformed(XinglinError):
    code = "malformed"
    status = 400
    message = gettext_lazy("This request could not be read. Nothing was saved.")
    next_step = gettext_lazy("Open the page again from its link and send it once more.")


#: By code where an error has a heading of its own, else by status.
HEADINGS: dict[str | int, Callable[[], str]] = {
    "form_expired": lambda: _("This form has expired"),
    400: lambda: _("This could not be read"),
    401: lambda: _("Sign in again"),
    403: lambda: _("Your role does not open this page"),
    404: lambda: _("This page was not found"),
    409: lambda: _("This has changed in the meantime"),
    413: lambda: _("This is too large"),
    422: lambda: _("Some entries need another look"),
    507: lambda: _("There is no space left"),
    503: lambda: _("This is not available at the moment"),
}


def wants_problem(request: HttpRequest) -> bool:
    """Whether the caller is a program: by address, or because it accepts JSON and not HTML."""
    if request.path.startswith(MACHINE_PREFIXES):
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def problem(error: XinglinError, request: HttpRequest) -> JsonResponse:
    """RFC 9457: type, title, status, detail, instance; `errors` holds the sentences for each field."""
    body: dict[str, Any] = {
        "type": f"about:blank#{error.code}",
        "title": error.sentence(),
        "status": error.status,
        "detail": error.advice(),
        "instance": request.path,
        "code": error.code,
    }
    if isinstance(error, Invalid) and error.fields:
        body["errors"] = {field: [str(text) for text in texts] for field, texts in error.fields.items()}
    return JsonResponse(body, status=error.status, content_type=PROBLEM_TYPE)


def respond(error: XinglinError, request: HttpRequest) -> HttpResponse:
    """The answer to a named error, in the form that the caller reads. Never cached."""
    if wants_problem(request):
        response: HttpResponse = problem(error, request)
    else:
        is_fragment = bool(request.headers.get("HX-Request"))
        template = "ui/parts/error_fragment.html" if is_fragment else "ui/error.html"
        response = render(request, template, error_context(error), status=error.status)
    response["Cache-Control"] = "no-store"
    return response


def error_context(error: XinglinError) -> dict[str, Any]:
    heading = HEADINGS.get(error.code) or HEADINGS.get(error.status) or (lambda: _("This did not work"))
    fields = error.fields if isinstance(error, Invalid) else {}
    return {
        "status": error.status,
        "heading": str(error.heading) or heading(),
        "sentence": error.sentence(),
        "advice": error.advice(),
        "says_more": error.message not in (NotFound.message, Forbidden.message),
        "field_errors": [str(text) for texts in fields.values() for text in texts],
        "way": error.way,
        "is_missing": isinstance(error, NotFound),
        "is_refused": isinstance(error, Forbidden),
    }
