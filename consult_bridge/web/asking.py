"""The request in steps: each is a form of its own that saves the draft; the last shows everything and sends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from consult_bridge.errors import ConsultNotFound, DraftChanged, DraftGone, DraftSent
from consult_bridge.models import ConsultDraft, DraftFile, DraftFileKind
from consult_bridge.selectors import drafts as selectors
from consult_bridge.services import drafts
from consult_bridge.services.submitting import submit_consult
from consult_bridge.web.request_check import shown_as_asked
from consult_bridge.web.request_form import hospital_choices, renumbered
from consult_bridge.web.request_page import posted_elsewhere, step_context
from consult_bridge.web.request_steps import (
    KEYS,
    STEPS,
    Judged,
    address_of,
    first_to_do,
    judge,
    neighbour,
    step_of,
    step_with,
    steps_shown,
)
from consult_bridge.web.responding import posted_uuid, say, to_consult
from core.actor import Actor
from core.errors import Conflict, Invalid, NotFound, TooLarge, XinglinError
from core.ids import uuid7
from core.ui.access import actor_of, requires
from core.ui.problems import wants_problem

LEFT_OUT_OF_DRAFTS = {"csrfmiddlewaretoken", "action", "form_key", "step"}
FILE_FIELDS = {"attachments": DraftFileKind.PAGE, "dicom": DraftFileKind.IMAGE}
MORE_ROWS = 4
BEGUN_ANEW = gettext_lazy(
    "Below is a new draft with what this page held. It is not saved yet: save it to keep it. What stood on other steps "
    "and all files are gone with the deleted draft; enter and choose them again."
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("consult.request")
def new_consult(request: HttpRequest) -> HttpResponse:
    """An empty first step with a key of its own; every step is sent here. A request may also come whole, at once."""
    if request.method != "POST":
        return _show(request, _judged(request, uuid7(), QueryDict()), "asked")
    draft_id = posted_uuid(request, "form_key")
    try:
        return _take(request, draft_id)
    except DraftSent as error:  # by another click or in another window
        say(request, error.sentence())
        return to_consult(draft_id)
    except (DraftGone, DraftChanged) as error:
        if wants_problem(request):
            raise
        if isinstance(error, DraftGone):
            return _begun_anew(request)
        # both changes are kept: the last step shows them together
        judged = _judged(request, draft_id, _data(_fields(request, draft_id)))
        return _show(request, judged, "check", conflict=error, status=error.status)


def _begun_anew(request: HttpRequest) -> HttpResponse:
    """What was posted for a draft that is gone, as a new one of which nothing is saved yet: the old key stays dead."""
    error, data = DraftGone(next_step=BEGUN_ANEW), _data(_typed(request))
    step = step_of(request.POST.get("step", ""))
    key = step.key if step.fields else STEPS[0].key  # the last step has nothing to type
    judged = _judged(request, uuid7(), data)
    return _show(request, judged, key, conflict=error, posted=posted_elsewhere(data, key), status=error.status)


def _take(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Keep everything that was typed and chosen, then do what the pressed button says."""
    try:
        _keep(request, draft_id)
        _keep_files(request, draft_id)
    except (Invalid, TooLarge) as error:
        return _refused(request, draft_id, error)
    return _go_on(request, draft_id, request.POST.get("action", "submit"))


@require_http_methods(["GET", "HEAD"])
@requires("consult.request")
def edit_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """One step of a draft; without a step the first that lacks something. A draft that was sent leads to its consult.

    Raises DraftGone, ConsultNotFound.
    """
    actor = actor_of(request)
    draft = selectors.draft_of(actor, draft_id)
    if draft is None:
        return _without_draft(actor, draft_id)
    judged = _judged(request, draft_id, _data(selectors.fields_of(draft)))
    key = request.GET.get("step", "")
    return _show(request, judged, key if key in KEYS else first_to_do(judged), draft=draft)


def _without_draft(actor: Actor, draft_id: UUID) -> HttpResponse:
    if drafts.was_sent(actor, draft_id):
        return to_consult(draft_id)
    raise DraftGone if drafts.was_deleted(actor, draft_id) else ConsultNotFound


@require_POST
@requires("consult.request")
def autosave(request: HttpRequest) -> HttpResponse:
    """What the page's script sends by itself while somebody types; answers with the step list as it is now."""
    draft_id = posted_uuid(request, "form_key")
    _keep(request, draft_id)
    judged = _judged(request, draft_id, _data(_fields(request, draft_id)))
    key = step_of(request.POST.get("step", "")).key
    steps = render_to_string(
        "consult_bridge/parts/request_steps.html", {"steps": steps_shown(judged, key), "step": step_of(key)}
    )
    return JsonResponse({"steps": steps})


@require_POST
@requires("consult.request")
def add_file(request: HttpRequest) -> HttpResponse:
    """One chosen file, sent by the page's script; answers with what the list of files shows of it."""
    draft_id = posted_uuid(request, "form_key")
    _keep(request, draft_id)
    kept = _keep_files(request, draft_id)
    return JsonResponse({"files": [_file_shown(file) for file in kept]})


def _file_shown(file: DraftFile) -> dict[str, Any]:
    """`problem` says why an image file will not be stored, and what to do; "" where nothing is known against it."""
    return {"id": str(file.pk), "title": file.title, "size": file.size, "problem": file.warning}


@require_POST
@requires("consult.request")
def delete_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    drafts.discard_draft(actor=actor_of(request), draft_id=draft_id, now=timezone.now())
    say(request, _("The draft is gone."))
    return redirect(f"{reverse('consult_bridge:consults')}?tab=drafts")


def _go_on(request: HttpRequest, draft_id: UUID, action: str) -> HttpResponse:
    """Do what the pressed button says, now that everything typed is kept."""
    verb, _colon, subject = action.partition(":")
    step = step_of(request.POST.get("step", ""))
    takes: dict[str, Callable[[], HttpResponse]] = {
        "submit": lambda: _submit(request, draft_id),
        "next": lambda: _next(request, draft_id, step.key),
        "back": lambda: _to(draft_id, neighbour(step.key, -1)),
        "go": lambda: _to(draft_id, step_of(subject).key),
        "add_rows": lambda: redirect(f"{address_of(draft_id, 'measured')}&rows={MORE_ROWS}#labs"),
        "remove_row": lambda: _to(draft_id, "measured", "labs"),
        "remove_file": lambda: _without_file(request, draft_id, subject),
        "upload": lambda: _to(draft_id, "files", "files-kept"),
    }
    if verb in takes:
        return takes[verb]()
    say(request, _("Draft saved."))
    return _to(draft_id, step.key)


def _to(draft_id: UUID, key: str, anchor: str = "") -> HttpResponse:
    return redirect(address_of(draft_id, key, anchor))


def _next(request: HttpRequest, draft_id: UUID, key: str) -> HttpResponse:
    """On to the next step; an entry that is none (a date, a number) is corrected first."""
    judged = _judged(request, draft_id, _data(_fields(request, draft_id)))
    if any(gap.is_wrong for gap in judged.gaps_of(key)):
        return _show(request, judged, key, status=422)
    return _to(draft_id, neighbour(key, +1))


def _submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    actor, fields = actor_of(request), _fields(request, draft_id)
    judged = _judged(request, draft_id, _data(fields))
    if drafts.was_sent(actor, draft_id):
        return to_consult(draft_id)  # the other click of a double click was faster
    if judged.gaps:
        return _show(request, judged, "check", status=422)
    try:
        submit_consult(actor=actor, consult_id=draft_id, request=judged.request, read_from=fields, now=timezone.now())
    except Invalid as error:
        return _refused(request, draft_id, error)
    say(request, _("The consult is submitted. Triage sees it now."))
    return to_consult(draft_id)


def _refused(request: HttpRequest, draft_id: UUID, error: Invalid | TooLarge) -> HttpResponse:
    """The step with the field that the refusal is about, with the sentence on it. What was typed is kept."""
    about = next(iter(getattr(error, "fields", {})), "attachments" if request.FILES else "")
    key = step_with(about).key if about else step_of(request.POST.get("step", "")).key
    judged = _judged(request, draft_id, _data(_fields(request, draft_id)))
    return _show(request, judged, key, status=error.status, refusal=error)


def _without_file(request: HttpRequest, draft_id: UUID, file_id: str) -> HttpResponse:
    try:
        drafts.remove_file(actor=actor_of(request), draft_id=draft_id, file_id=UUID(file_id))
    except ValueError:
        raise NotFound from None
    return _to(draft_id, "files", "files-kept")


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """The fields of the form, without a laboratory row that it takes out."""
    body = {
        name: list(values)
        for name, values in request.POST.lists()
        if name not in LEFT_OUT_OF_DRAFTS and name not in FILE_FIELDS
    }
    verb, _colon, subject = request.POST.get("action", "").partition(":")
    return renumbered(body, without=subject if verb == "remove_row" else "")


def _keep(request: HttpRequest, draft_id: UUID) -> None:
    drafts.save_draft(actor=actor_of(request), draft_id=draft_id, body=_typed(request), now=timezone.now())


def _keep_files(request: HttpRequest, draft_id: UUID) -> list[Any]:
    """The files of the form. Raises AttachmentRefused, TooLarge."""
    kept: list[Any] = []
    for name, kind in FILE_FIELDS.items():
        uploads = [upload for upload in request.FILES.getlist(name) if upload]
        if uploads:
            kept += drafts.keep_files(
                actor=actor_of(request), draft_id=draft_id, kind=kind, uploads=uploads, now=timezone.now()
            )
    return kept


def _fields(request: HttpRequest, draft_id: UUID) -> dict[str, list[str]]:
    return selectors.fields_of(selectors.draft_of(actor_of(request), draft_id))


def _data(fields: dict[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    return data


def _judged(request: HttpRequest, draft_id: UUID, data: QueryDict) -> Judged:
    actor = actor_of(request)
    return judge(draft_id, data, selectors.files_of(actor, draft_id), hospital_choices(actor, timezone.now()))


def _show(
    request: HttpRequest,
    judged: Judged,
    key: str,
    *,
    draft: ConsultDraft | None = None,
    refusal: XinglinError | None = None,
    conflict: Conflict | None = None,
    posted: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """`conflict` stands above the form; `posted` are fields of other steps that only this page still has."""
    now, rows = timezone.now(), request.GET.get("rows", "")
    context = step_context(judged, key, now=now, more_rows=rows, is_refused=status == 422, refusal=refusal)
    context |= {"conflict": conflict, "posted": posted}
    if draft is not None:
        context |= {"saved_at": draft.saved_at, "kept_until": selectors.kept_until(draft)}
    if key == "check":
        context |= shown_as_asked(judged, now)
    return render(request, "consult_bridge/request.html", context, status=status)
