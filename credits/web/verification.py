"""Public verification: whether a certificate holds, and whose it is. No sign-in, no search engine, a limit."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from credits import selectors
from credits.errors import CertificateNotFound
from credits.web.certificates import english_date
from credits.web.limits import limit_checks


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Type a number. A number that is not known and a mistyped one read the same."""
    number = request.GET.get("number", "").replace("\0", "").strip()[:40]
    if not number:
        return _private(render(request, "credits/verify_ask.html", {"number": ""}))
    limit_checks(request, timezone.now())
    try:
        return redirect("credits:verify", selectors.certificate_id_of(number))
    except CertificateNotFound:
        return _private(render(request, "credits/verify_ask.html", {"number": number, "is_unknown": True}, status=404))


@require_safe
def verify(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    now = timezone.now()
    limit_checks(request, now)
    try:
        shown = selectors.verification(certificate_id)
    except CertificateNotFound:
        return _private(render(request, "credits/verify_ask.html", {"number": "", "is_unknown": True}, status=404))
    local = timezone.localtime(now)
    context = {"shown": shown, "now": now, "english_now": f"{english_date(local)}, {local:%H:%M}"}
    return _private(render(request, "credits/verify.html", context))
