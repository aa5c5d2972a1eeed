"""The credit office: look an entry up, reverse it, revoke a certificate."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.ui import messages
from core.ui.access import requires
from core.ui.pagination import paginate
from credits import selectors
from credits.forms import ReasonForm
from credits.models.ledger import PERMISSION
from credits.services import certifying, crediting
from credits.states import CERTIFICATE


@require_safe
@requires(PERMISSION)
def entries(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:80]
    page = paginate(selectors.office_entries(request.actor, text), page=request.GET.get("page"))
    rows = [(e, getattr(e, "certificate", None), hasattr(e, "reversed_by")) for e in page.items]
    return render(request, "credits/office.html", {"page": page, "rows": rows, "q": text, "machine": CERTIFICATE})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PERMISSION)
def reverse_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    entry = selectors.entry_for(request.actor, entry_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        crediting.reverse_entry(
            actor=request.actor,
            entry_id=entry_id,
            reason=form.cleaned_data["reason"],
            reversal_id=form.cleaned_data["form_key"],
            now=timezone.now(),
        )
        messages.done(request, _("Reversed by a second entry. The person was told."))
        return redirect("credits:office")
    status = 422 if request.method == "POST" else 200
    return render(request, "credits/reverse.html", {"form": form, "entry": entry}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PERMISSION)
def revoke(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    certificate = selectors.certificate_for(request.actor, certificate_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        certifying.revoke_certificate(
            actor=request.actor,
            certificate_id=certificate_id,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
        messages.done(request, _("The certificate is revoked. Its verification page says so from now on."))
        return redirect("credits:certificate", certificate_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "credits/revoke.html", {"form": form, "certificate": certificate}, status=status)
