"""The request form: new, draft, more rows, submit."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consult_bridge.errors import ConsultNotFound
from consult_bridge.selectors import consults as selectors
from consult_bridge.services.studies import send_images
from consult_bridge.services.submitting import discard_draft, save_draft, submit_consult
from consult_bridge.web.request_form import LAB_ROWS_LIMIT, LabForm, LabFormSet, LabRows, RequestForm
from consult_bridge.web.responding import posted_uuid, say, to_consult
from core.errors import Invalid
from core.ids import uuid7
from core.ui.access import actor_of, requires

LEFT_OUT_OF_DRAFTS = {"csrfmiddlewaretoken", "action", "form_key"}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("consult.request")
def new_consult(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, RequestForm(now=timezone.now(), initial={"form_key": uuid7()}), LabFormSet(prefix="labs"))
    action = request.POST.get("action", "submit")
    if action == "save_draft":
        return _save_draft(request)
    if action == "add_rows":
        return _more_rows(request)
    return _submit(request)


@require_http_methods(["GET", "HEAD"])
@requires("consult.request")
def edit_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = selectors.draft_of(actor_of(request), draft_id)
    if draft is None:
        raise ConsultNotFound
    data = QueryDict(mutable=True)
    for name, values in json.loads(draft.body).items():
        data.setlist(name, values)
    data["form_key"] = str(draft.pk)
    return _show(request, *_as_typed(data), draft=draft)


@require_POST
@requires("consult.request")
def autosave(request: HttpRequest) -> HttpResponse:
    """What the page's script sends by itself while somebody types."""
    _keep(request)
    return HttpResponse(status=204)


@require_POST
@requires("consult.request")
def delete_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    discard_draft(actor=actor_of(request), draft_id=draft_id)
    say(request, _("The draft is gone."))
    return redirect("consult_bridge:consults")


def _submit(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = RequestForm(request.POST, request.FILES, now=now)
    labs = LabFormSet(request.POST, prefix="labs")
    if not (form.is_valid() & labs.is_valid()):
        return _show(request, form, labs, status=422)
    actor, consult_id = actor_of(request), form.cleaned_data["form_key"]
    try:
        submit_consult(actor=actor, consult_id=consult_id, request=form.request(labs.rows()), now=now)
        if form.cleaned_data["dicom"]:
            send_images(
                actor=actor,
                consult_id=consult_id,
                upload_id=uuid5(consult_id, "images"),  # the request form's own files: a double click is one upload
                files=form.cleaned_data["dicom"],
                now=now,
            )
    except Invalid as error:
        form.show(error)
        return _show(request, form, labs, status=422)
    say(request, _("The consult is submitted. Triage sees it now."))
    return to_consult(consult_id)


def _save_draft(request: HttpRequest) -> HttpResponse:
    key = _keep(request)
    say(request, _("Draft saved. Files are not part of a draft."))
    return redirect("consult_bridge:draft", key)


def _keep(request: HttpRequest) -> UUID:
    body = {name: values for name, values in request.POST.lists() if name not in LEFT_OUT_OF_DRAFTS}
    key = posted_uuid(request, "form_key")
    save_draft(actor=actor_of(request), draft_id=key, body=body, now=timezone.now())
    return key


def _more_rows(request: HttpRequest) -> HttpResponse:
    """Without JavaScript: the same page with more empty laboratory rows; what was typed stays."""
    return _show(request, *_as_typed(request.POST))


def _as_typed(data: QueryDict) -> tuple[RequestForm, LabRows]:
    """The forms with what was typed, not judged yet, and some empty laboratory rows below."""
    form = RequestForm(initial={name: data.get(name) for name in data}, now=timezone.now())
    typed = [
        {field: data.get(f"labs-{row}-{field}", "") for field in LabForm.base_fields} for row in range(LAB_ROWS_LIMIT)
    ]
    return form, LabFormSet(prefix="labs", initial=[row for row in typed if any(row.values())])


def _show(
    request: HttpRequest, form: RequestForm, labs: LabRows, *, draft: Any = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "labs": labs,
        "draft": draft,
    }
    return render(request, "consult_bridge/request.html", context, status=status)
