"""The case editor: one part of the draft at a time, saved as one types, with a way back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casebook import drafting, selectors
from casebook.content import HEAD, LEARNING, STEP_KINDS, Gap, advice, gaps
from casebook.forms import HeadForm, LearningForm, PartForm, StepForm
from casebook.models import CaseVersion
from casebook.pictures import Picker, picker_of
from casebook.reviewers import offer_reviewers
from casebook.services.editing import Edit, edit_draft
from core.errors import StaleForm
from core.ui.access import requires
from core.ui.problems import problem, wants_problem
from media_pipeline import api as media
from media_pipeline.contracts import ReleaseFacts

CHECK, HISTORY = "check", "history"
STEP_ID = re.compile(r"[a-z0-9]{1,40}")
VERBS = {"add", "up", "down", "remove", "undo", "restore"}
IMAGE_FIELDS = {"source", "frame", "frames", "caption"}
QUESTION_FIELDS = {"stem", "options", "answer", "explanation"}
FORMS: dict[str, type[PartForm]] = {HEAD: HeadForm, LEARNING: LearningForm}


@dataclass(frozen=True, slots=True)
class Submission:
    """What an editor has typed for the review: whom to ask, whom to look for, why few alike do no harm.

    `refused` is why it was not sent, in words.
    """

    reviewer_ids: tuple[UUID, ...] = ()
    query: str = ""
    like_reason: str = ""
    refused: tuple[str, ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def edit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show a part, or save it and do what its button says. What was typed stays when it is stale or invalid."""
    version = selectors.editable_version(request.actor, version_id)
    release = media.get_release(version.release_id)
    if request.method == "POST":
        return _save(request, version, release)
    part = _part_named(version, request.GET.get("part", HEAD))
    form = _form_for(part, version, release)
    return show_part(request, version, release, part, form, pictures_from=request.GET.get("from", ""))


def _save(request: HttpRequest, version: CaseVersion, release: ReleaseFacts) -> HttpResponse:
    part = _id_in(request.POST.get("part", "")) or HEAD
    verb, _colon, target = request.POST.get("action", "").partition(":")
    form = _form_for(part, version, release, data=request.POST)
    if form is not None and not form.is_valid():
        if wants_problem(request):
            return JsonResponse({"title": _("Not saved: an entry needs another look.")}, status=422)
        return show_part(request, version, release, part, form, status=422)
    sent = Edit(
        part=part,
        mark=request.POST.get("version", ""),
        values=form.values() if form is not None else None,
        verb=verb if verb in VERBS else "",
        target=target,
        new_step=_id_in(request.POST.get("new_step", "")) or uuid4().hex[:12],
    )
    try:
        done = edit_draft(actor=request.actor, version_id=version.pk, edit=sent, now=timezone.now())
    except StaleForm as error:
        if wants_problem(request):
            return problem(error, request)
        return show_part(request, version, release, part, form, status=409, is_stale=True)
    if wants_problem(request):
        return JsonResponse({"version": done.mark, "revision": done.revision, "gaps": _gaps_told(version, part)})
    return redirect(_next_address(version, verb, target, done.part))


def _id_in(text: str) -> str:
    """The name of a part or a step, or "" for what is none."""
    return text if STEP_ID.fullmatch(text) else ""


def _next_address(version: CaseVersion, verb: str, target: str, part: str) -> str:
    address = f"{reverse('casebook:edit', args=[version.pk])}?part="
    if verb == "go":
        return address + target
    if verb == "frames":
        return f"{address}{part}&from={target}#pictures"
    if verb in {"up", "down"}:
        return f"{address}{part}&moved={target}&by={verb}"
    return address + part


def _part_named(version: CaseVersion, name: str) -> str:
    known = {HEAD, LEARNING, CHECK, HISTORY, *(step["id"] for step in version.content["steps"])}
    return name if name in known else HEAD


def _form_for(part: str, version: CaseVersion, release: ReleaseFacts, data: Any = None) -> PartForm | None:
    """The form of a part, with its stored values or what was sent; None where there is nothing to type."""
    if part in {CHECK, HISTORY}:
        return None
    stored = drafting.part_of(version.content, part) or {}
    if part in FORMS:
        return FORMS[part](data, initial=FORMS[part].initial_of(stored), prefix="part")
    return StepForm(data, initial=StepForm.initial_of(stored), prefix="part", studies=release.studies)


def _gaps_told(version: CaseVersion, part: str) -> list[dict[str, str]]:
    """What the part lacks now that it is saved."""
    version.refresh_from_db(fields=["content"])
    found = gaps(version.content)
    return [{"field": gap.field, "sentence": str(gap.sentence)} for gap in found if gap.part == part]


def _of_part(
    version: CaseVersion, part: str, missing: list[Gap], form: PartForm | None, submission: Submission
) -> dict[str, Any]:
    """What only some parts show: a step its folds, the last one whom to ask, the history its states."""
    if isinstance(form, StepForm):
        return {"opens": _opened(form, {gap.field for gap in missing if gap.part == part})}
    if part == CHECK:
        return _check_page(version, missing, submission)
    return {"saves": selectors.saves_of(version)} if part == HISTORY else {}


def _check_page(version: CaseVersion, missing: list[Gap], submission: Submission) -> dict[str, Any]:
    content, now = version.content, timezone.now()
    shown: dict[str, Any] = {
        "placed_gaps": [(gap, _place(content, gap.part)) for gap in missing],
        "placed_advice": [(gap, _place(content, gap.part)) for gap in advice(content)],
        "submission": submission,
    }
    if missing:
        return shown
    offer = offer_reviewers(version, query=submission.query, chosen=submission.reviewer_ids, now=now)
    return shown | {"offer": offer, "likeness": selectors.likeness_of(version, now=now)}


def _place(content: dict[str, Any], part: str) -> str:
    """Where a part stands in the outline, in words."""
    for number, step in enumerate(content["steps"], start=1):
        if step["id"] == part:
            return _("Step %(number)s: %(label)s") % {"number": number, "label": STEP_KINDS[step["kind"]]}
    return _("Objectives and references") if part == LEARNING else _("The case")


def _opened(form: StepForm, lacking: set[str]) -> dict[str, bool]:
    """Which sections of a step stand open: what its kind is about, what holds something, what lacks something."""
    wrong = {*lacking, *form.errors} if form.is_bound else lacking
    kind = form["kind"].value()
    has_question = bool(form["stem"].value() or form["options"].value())
    return {
        "images": kind == "images" or bool(form["source"].value()) or bool(wrong & IMAGE_FIELDS),
        "question": kind == "question" or has_question or bool(wrong & QUESTION_FIELDS),
    }


def show_part(
    request: HttpRequest,
    version: CaseVersion,
    release: ReleaseFacts,
    part: str,
    form: PartForm | None,
    *,
    status: int = 200,
    is_stale: bool = False,
    pictures_from: str = "",
    submission: Submission = Submission(),
) -> HttpResponse:
    content = version.content
    missing = gaps(content)
    incomplete = {gap.part for gap in missing}
    steps = _outline(content, part, incomplete)
    context = {
        "version": version,
        "amendment": selectors.amendment_of(version),
        "part": part,
        "form": form,
        "is_stale": is_stale,
        "stored": _stored_text(content, part) if is_stale else "",
        "mark": drafting.mark_of(content, part),
        "new_step": uuid4().hex[:12],
        "steps": steps,
        "step": next((step for step in steps if step["id"] == part), None),
        "kinds": STEP_KINDS.items(),
        "gaps": missing,
        "here": [gap for gap in missing if gap.part == part],
        "incomplete": incomplete,
        "moved": (request.GET.get("moved", ""), request.GET.get("by", "")),
        "picker": _picker(form, release, pictures_from),
        "has_saves": version.saves.exists(),
        "next_part": _after(part, content),
        **_of_part(version, part, missing, form, submission),
    }
    response = render(request, "casebook/edit.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _outline(content: dict[str, Any], part: str, incomplete: set[str]) -> list[dict[str, Any]]:
    last = len(content["steps"])
    return [
        {
            "id": step["id"],
            "kind": step["kind"],
            "number": number,
            "label": STEP_KINDS[step["kind"]],
            "heading": step["heading"],
            "is_now": step["id"] == part,
            "is_incomplete": step["id"] in incomplete,
            "is_first": number == 1,
            "is_last": number == last,
        }
        for number, step in enumerate(content["steps"], start=1)
    ]


def _after(part: str, content: dict[str, Any]) -> str:
    """The part that follows, "" behind the last."""
    parts = [HEAD, LEARNING, *(step["id"] for step in content["steps"]), CHECK]
    return parts[parts.index(part) + 1] if part in parts[:-1] else ""


def _stored_text(content: dict[str, Any], part: str) -> str:
    """The texts that somebody else saved, for a look beside one's own."""
    kept = drafting.part_of(content, part) or {}
    question = kept.get("question") or {}
    texts = [*(kept.get(name, "") for name in ("title", "summary", "heading", "body")), question.get("stem", "")]
    lists = [*kept.get("objectives", []), *kept.get("references", []), *question.get("options", [])]
    return "\n".join(str(text) for text in [*texts, *lists, question.get("explanation", "")] if text)


def _picker(form: PartForm | None, release: ReleaseFacts, start: str) -> Picker | None:
    if not isinstance(form, StepForm):
        return None
    return picker_of(release, form.chosen(), start)
