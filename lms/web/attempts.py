"""A unit's questions: start, answer, keep, hand in, see the result."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cms import api as cms
from cms.contracts import Edition, EditionUnit
from core.ids import uuid7
from core.ui import messages
from core.ui.access import signed_in
from core.ui.idempotency import posted_key
from core.ui.problems import wants_problem
from core.ui.registry import Chip
from lms import grading, presenting, selectors
from lms.chances import Chances, counts
from lms.errors import AnsweredElsewhere, AnswersUnreadable, HandedInBehind, NotReady, UnitNotFound
from lms.merging import BASE, digest
from lms.models import Attempt
from lms.services import attempting
from lms.states import ANSWERING, ENROLMENT


@require_POST
@signed_in
def start(request: HttpRequest, enrolment_id: UUID, number: int) -> HttpResponse:
    attempt_id = attempting.start_attempt(
        actor=request.actor,
        enrolment_id=enrolment_id,
        unit_number=number,
        attempt_id=posted_key(request),
        now=timezone.now(),
    )
    return redirect("lms:attempt", enrolment_id, attempt_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def attempt(request: HttpRequest, enrolment_id: UUID, attempt_id: UUID) -> HttpResponse:
    """GET shows the questions, or the result once submitted; POST submits and comes back to the result.

    Answers that cannot be read, and blank ones that nobody has agreed to, come back to the questions instead.
    """
    if request.method != "POST":
        return _page(request, enrolment_id, attempt_id)
    try:
        attempting.submit_attempt(
            actor=request.actor,
            enrolment_id=enrolment_id,
            attempt_id=attempt_id,
            answers=request.POST,
            accepts_blanks=request.POST.get("accepts_blanks") == "yes",
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _page(request, enrolment_id, attempt_id, refusal)
    return redirect("lms:attempt", enrolment_id, attempt_id)


@require_POST
@signed_in
def keep(request: HttpRequest, enrolment_id: UUID, attempt_id: UUID) -> HttpResponse:
    """What was answered so far, by script a moment after each answer, or by a button without script. A script is told
    what its page stands on now; to what another window answered since, `kept_at` says nothing."""
    now = timezone.now()
    try:
        merged = attempting.keep_answers(
            actor=request.actor, enrolment_id=enrolment_id, attempt_id=attempt_id, answers=request.POST, now=now
        )
    except AnsweredElsewhere as refusal:
        if wants_problem(request):
            raise
        return _page(request, enrolment_id, attempt_id, refusal)
    if wants_problem(request):
        said: dict[str, Any] = {"bases": merged.bases}
        return JsonResponse(said | ({"is_behind": True} if merged.behind else {"kept_at": now.isoformat()}))
    messages.done(request, _("Your answers are kept. Nothing is handed in yet."))
    return redirect("lms:attempt", enrolment_id, attempt_id)


def _page(request: HttpRequest, enrolment_id: UUID, attempt_id: UUID, refusal: NotReady | None = None) -> HttpResponse:
    found = selectors.attempt_for(request.actor, enrolment_id, attempt_id)
    edition = cms.get_edition(found.enrolment.edition_id)
    unit = edition.unit(found.unit_key)
    if unit is None:
        raise UnitNotFound
    voids = cms.get_overlay(edition.id).voids
    chances = selectors.chances_at(found.enrolment, edition, unit)
    faults = refusal.fields if refusal else {}
    context = {
        "enrolment": found.enrolment,
        "edition": edition,
        "unit": unit,
        "number": edition.units.index(unit) + 1,
        "total": len(edition.units),
        "attempt": found,
        "questions": presenting.attempt_content(unit, voids, found, shows_key=chances.shows_key, faults=faults),
        "chances": chances,
        "refusal": refusal,
        "is_unreadable": isinstance(refusal, AnswersUnreadable),
        "is_elsewhere": isinstance(refusal, AnsweredElsewhere),
        "is_handed_in": isinstance(refusal, HandedInBehind),
        "bases": _bases(unit, voids, found),
        "page_key": uuid7(),
        "faulty": presenting.numbers_of(unit, voids, faults),
    }
    if found.submitted_at is None:
        return render(request, "lms/attempt.html", context, status=refusal.status if refusal else 200)
    return render(request, "lms/result.html", context | _result(found, edition, unit, voids, chances))


def _bases(unit: EditionUnit, voids: Collection[str], attempt: Attempt) -> list[tuple[str, str]]:
    """Field and value of what the page is opened on, for each question."""
    kept = attempt.kept or {}
    return [(BASE + node.key, digest(kept.get(node.key, {}))) for node in grading.questions(unit, voids)]


def _result(
    attempt: Attempt, edition: Edition, unit: EditionUnit, voids: Collection[str], chances: Chances
) -> dict[str, Any]:
    """What the result page says beside the questions."""
    enrolment, now = attempt.enrolment, timezone.now()
    score = grading.course_score(edition, voids, selectors.earned_by_unit(enrolment.pk))
    is_passed = grading.reaches_mark(edition, attempt.points, attempt.max_points)
    missed = [r.node_key for r in attempt.responses.all() if r.points < r.max_points]
    return {
        "score": score,
        "is_enough": score.percent >= edition.pass_percent,
        "is_unit_done": grading.unit_is_done(unit, enrolment.progress.done, voids),
        "is_waiting": chances.is_waiting(now),
        "is_attempt_passed": is_passed,
        "counts": counts(enrolment, attempt),
        "verdict": Chip.of(ENROLMENT, "passed" if is_passed else "failed"),
        "missed": presenting.numbers_of(unit, voids, missed),
        "may_answer": chances.may_start(now) and enrolment.state in ANSWERING,
        "form_key": uuid7(),
    }
