"""Files of a consult: scanned pages, the consent form, the opinion's PDF, and images that come or wait."""

from __future__ import annotations

from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consult_bridge.errors import ConsultNotFound
from consult_bridge.models.record import identified_storage
from consult_bridge.selectors import consults as selectors
from consult_bridge.selectors.consent import get_consent
from consult_bridge.selectors.opinions import get_document
from consult_bridge.selectors.reports import get_report_document
from consult_bridge.selectors.studies import arrived_studies, get_attachment, studies_of
from consult_bridge.services.kept_images import send_kept_images_again
from consult_bridge.services.studies import attach_by_hand, confirm_same_patient, send_images
from consult_bridge.states import OPEN
from consult_bridge.web.responding import say, show_on, to_consult
from consult_bridge.web.small_forms import AttachForm, ImagesForm
from core.audit import note_list
from core.errors import Invalid
from core.ui.access import actor_of, requires
from media_pipeline.contracts import StudyFacts

ON_THEIR_WAY = gettext_lazy("The images are on their way. They appear here as soon as they are read.")


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
def report_document(request: HttpRequest, consult_id: UUID, report_id: UUID) -> HttpResponseBase:
    document = get_report_document(actor_of(request), consult_id, report_id, now=timezone.now())
    return _send(document.file, "application/pdf", f"report-{report_id}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("imaging.upload")
def images(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    """Send more images, or attach one that arrived on its own."""
    if request.method == "POST" and request.POST.get("action") == "send_again":
        send_kept_images_again(actor=actor_of(request), consult_id=consult_id, now=timezone.now())
        say(request, ON_THEIR_WAY)
        return to_consult(consult_id)
    consult = selectors.get_consult(actor_of(request), consult_id, now=timezone.now())
    is_upload = request.method == "POST" and request.POST.get("action", "upload") == "upload"
    is_attach = request.method == "POST" and not is_upload
    upload_form = ImagesForm(request.POST, request.FILES) if is_upload else ImagesForm()
    attach_form = AttachForm(request.POST) if is_attach else AttachForm()
    try:
        if is_upload and upload_form.is_valid():
            data = upload_form.cleaned_data
            send_images(
                actor=actor_of(request),
                consult_id=consult_id,
                upload_id=data["form_key"],
                files=data["dicom"],
                now=timezone.now(),
            )
            say(request, ON_THEIR_WAY)
            return to_consult(consult_id)
        if is_attach and attach_form.is_valid():
            _attach(request, consult_id, attach_form)
            return to_consult(consult_id)
    except Invalid as error:
        show_on(upload_form if is_upload else attach_form, error)
    context = {
        "consult": consult,
        "upload_form": upload_form,
        "attach_form": attach_form,
        "arrived": _arrived(request),
        "studies": studies_of(actor_of(request), consult, timezone.now()),
        "is_open": consult.state in OPEN,
    }
    return render(request, "consult_bridge/images.html", context, status=422 if request.method == "POST" else 200)


def _arrived(request: HttpRequest) -> list[StudyFacts]:
    """What waits for its consult, by patients' numbers, which is read like a list of patients."""
    arrived = arrived_studies(actor_of(request))
    note_list(
        actor=actor_of(request),
        name="consult_bridge.arrived",
        permission="imaging.upload",
        shown=len(arrived),
        now=timezone.now(),
    )
    return arrived


def _attach(request: HttpRequest, consult_id: UUID, form: AttachForm) -> None:
    row = attach_by_hand(
        actor=actor_of(request),
        consult_id=consult_id,
        study_id=form.cleaned_data["study"],
        mismatch_reason=form.cleaned_data["mismatch_reason"],
        now=timezone.now(),
    )
    say(
        request, _("Attached.") if row.is_attached else _("A second person has to confirm that it is the same patient.")
    )


@require_POST
@requires("imaging.upload")
def confirm_study(request: HttpRequest, consult_id: UUID, attachment_id: UUID) -> HttpResponse:
    confirm_same_patient(actor=actor_of(request), attachment_id=attachment_id, now=timezone.now())
    say(request, _("Confirmed. The images are part of the consult now."))
    return redirect("consult_bridge:consult", consult_id)
