"""A certificate on the screen and as PDF, for its holder and for credit officers."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from core import jobs
from core.jobs import JobNotFound
from core.ui.access import signed_in
from credits import selectors
from credits.errors import CertificateRevoked, DocumentNotReady
from credits.models import Certificate
from credits.services import certifying
from credits.states import CERTIFICATE

# The certificate is bilingual whatever language its reader has chosen.
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def english_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _code_of(certificate: Certificate) -> SafeString:
    """The code as inline SVG: dark on white in every appearance, so that a camera reads it."""
    code = segno.make(certifying.verify_url(certificate.pk), error="m")
    return mark_safe(code.svg_inline(border=2, dark="#1b1917", light="#ffffff", svgclass="x-qr", omitsize=True))  # noqa: S308


def _document(certificate: Certificate) -> dict[str, Any]:
    """Whether the PDF is there, and what its job says if not."""
    if selectors.has_document(certificate.pk):
        return {"has_pdf": True}
    try:
        status = jobs.get_job(certificate.job_id) if certificate.job_id else None
    except JobNotFound:
        status = None
    return {"has_pdf": False, "job": status}


@require_safe
@signed_in
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = selectors.certificate_for(request.actor, certificate_id)
    facts = found.snapshot
    earned_on = date.fromisoformat(facts["earned_on"])
    context = {
        "certificate": found,
        "facts": facts,
        "class": facts["class"],
        "earned_on": earned_on,
        "english_earned": english_date(earned_on),
        "issued_on": date.fromisoformat(facts["issued_on"]),
        "code": _code_of(found),
        "machine": CERTIFICATE,
        "is_mine": found.person_id == request.actor.person_id,
        "may_revoke": request.actor.may(
            "credit.administer", found.entry.organisation.path if found.entry.organisation else ""
        ),
        **_document(found),
    }
    return render(request, "credits/certificate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def document(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """GET is the download button alone, asked again while the job is at work; POST has a missing PDF made."""
    if request.method == "POST":
        certifying.request_document(actor=request.actor, certificate_id=certificate_id, now=timezone.now())
        return redirect("credits:certificate", certificate_id)
    found = selectors.certificate_for(request.actor, certificate_id)
    return render(request, "credits/parts/document.html", {"certificate": found, **_document(found)})


@require_safe
@signed_in
def pdf(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = selectors.certificate_for(request.actor, certificate_id)
    if found.state != "valid":
        raise CertificateRevoked
    if not selectors.has_document(found.pk):
        raise DocumentNotReady
    response = HttpResponse(bytes(found.document.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
