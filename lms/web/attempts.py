"""A unit's questions: start, answer, see the result."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cms import api as cms
from core.ui.access import signed_in
from core.ui.idempotency import posted_key
from lms import grading, presenting, selectors
from lms.errors import UnitNotFound
from lms.services import attempting


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
    """GET shows the questions, or the result once submitted; POST submits and comes back to the result."""
    if request.method == "POST":
        attempting.submit_attempt(
            actor=request.actor,
            enrolment_id=enrolment_id,
            attempt_id=attempt_id,
            answers=request.POST,
            now=timezone.now(),
        )
        return redirect("lms:attempt", enrolment_id, attempt_id)
    found = selectors.attempt_for(request.actor, enrolment_id, attempt_id)
    edition = cms.get_edition(found.enrolment.edition_id)
    unit = edition.unit(found.unit_key)
    if unit is None:
        raise UnitNotFound
    voids = cms.get_overlay(edition.id).voids
    score = grading.course_score(edition, voids, selectors.earned_by_unit(enrolment_id))
    chances, now = selectors.chances_at(found.enrolment, edition, unit, voids), timezone.now()
    context = {
        "enrolment": found.enrolment,
        "edition": edition,
        "unit": unit,
        "number": edition.units.index(unit) + 1,
        "total": len(edition.units),
        "attempt": found,
        "questions": presenting.attempt_content(unit, voids, found, shows_key=chances.is_passed),
        "chances": chances,
        "is_waiting": chances.is_waiting(now),
        "score": score,
        "is_enough": score.percent >= edition.pass_percent,
        "is_unit_done": grading.unit_is_done(unit, found.enrolment.progress.done, voids),
    }
    return render(request, "lms/result.html" if found.submitted_at else "lms/attempt.html", context)
