"""Files of a consult: scanned pages, the consent form, the PDFs of the opinion and of reports."""

from __future__ import annotations

from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from consult_bridge.errors import ConsultNotFound
from consult_bridge.models.record import identified_storage
from consult_bridge.selectors.consent import get_consent
from consult_bridge.selectors.opinions import get_document
from consult_bridge.selectors.reports import get_report_document
from consult_bridge.selectors.studies import get_attachment
from core.ui.access import actor_of, requires


def _send(file: FieldFile, content_type: str, name: str) -> HttpResponseBase:
    """Our own media type, never sniffed, never cached by anybody between."""
    store, key = identified_storage(), file.name or ""
    if not store.exists(key):
        raise ConsultNotFound
    response = FileResponse(store.open(key, "rb"), content_type=content_type, filename=name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@requires("consult.view")
def attachment(request: HttpRequest, consult_id: UUID, attachment_id: UUID) -> HttpResponseBase:
    row = get_attachment(actor_of(request), consult_id, attachment_id, now=timezone.now())
    return _send(row.file, row.content_type, row.title)


@require_safe
@requires("consult.view")
def consent_form(request: HttpRequest, consult_id: UUID, consent_id: UUID) -> HttpResponseBase:
    row = get_consent(actor_of(request), consult_id, consent_id, now=timezone.now())
    return _send(row.form, row.form_content_type, "consent")


@require_safe
@requires("consult.view")
def opinion_document(request: HttpRequest, consult_id: UUID) -> HttpResponseBase:
    document = get_document(actor_of(request), consult_id, now=timezone.now())
    return _send(document.file, "application/pdf", f"opinion-{consult_id}.pdf")


@require_safe
@requires("consult.view")
def opinion_version(request: HttpRequest, consult_id: UUID, opinion_id: UUID) -> HttpResponseBase:
    document = get_document(actor_of(request), consult_id, opinion_id=opinion_id, now=timezone.now())
    return _send(document.file, "application/pdf", f"opinion-{opinion_id}.pdf")


@require_safe
@requires("consult.view")
def report_document(request: HttpRequest, consult_id: UUID, report_id: UUID) -> HttpResponseBase:
    document = get_report_document(actor_of(request), consult_id, report_id, now=timezone.now())
    return _send(document.file, "application/pdf", f"report-{report_id}.pdf")
