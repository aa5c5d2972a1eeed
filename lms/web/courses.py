"""My courses, one course, enrol and leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms import api as cms
from core.ids import uuid7
from core.ui import messages
from core.ui.access import signed_in
from core.ui.idempotency import posted_key
from core.ui.pagination import paginate
from lms import grading, presenting, selectors
from lms.models import Enrolment
from lms.next_steps import lacks
from lms.retakes import first_of, retakes
from lms.services import enrolling
from lms.states import ANSWERING, ENROLMENT


@require_safe
@signed_in
def my_courses(request: HttpRequest) -> HttpResponse:
    page = paginate(selectors.my_enrolments(request.actor), page=request.GET.get("page"), per_page=20)
    found = [(enrolment, cms.get_edition(enrolment.edition_id)) for enrolment in page.items]
    lacking = lacks(found, timezone.now())
    rows = [(enrolment, edition, lacking.get(enrolment.pk, ())) for enrolment, edition in found]
    return render(request, "lms/my_courses.html", {"page": page, "rows": rows, "machine": ENROLMENT})


@require_safe
@signed_in
def course(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    enrolment = selectors.enrolment_for(request.actor, enrolment_id)
    edition = cms.get_edition(enrolment.edition_id)
    overlay = cms.get_overlay(enrolment.edition_id)
    earned = selectors.earned_by_unit(enrolment.pk)
    unpassed = retakes(edition, enrolment, overlay.voids, earned, timezone.now())
    context = {
        "enrolment": enrolment,
        "edition": edition,
        "credits": overlay.facts.get("credits", {}),
        "brings_nothing": overlay.brings_nothing,
        "outline": presenting.outline(edition, enrolment.progress, overlay.voids, unpassed),
        "retake": first_of(unpassed),
        "is_open": enrolment.state in ANSWERING,
        "score": grading.course_score(edition, overlay.voids, earned),
        "completion": selectors.completion_of_enrolment(enrolment.pk) if enrolment.state == "passed" else None,
        "machine": ENROLMENT,
    }
    return render(request, "lms/course.html", context)


@require_POST
@signed_in
def leave(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    enrolling.withdraw(actor=request.actor, enrolment_id=enrolment_id, now=timezone.now())
    messages.done(request, _("You left the course. What you did is kept, if you come back."))
    return redirect("lms:my_courses")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def enrol(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Show what the course asks for, then enrol by POST. Somebody enrolled already goes straight to the course."""
    edition = cms.latest_edition(course_id)
    if request.method == "POST":
        enrolment_id = enrolling.enrol(
            actor=request.actor, edition_id=edition.id, enrolment_id=posted_key(request), now=timezone.now()
        )
        return redirect("lms:course", enrolment_id)
    held = selectors.enrolment_in_course(request.actor, course_id)
    if held is not None:
        return redirect("lms:course", held.pk)
    context = {"edition": edition, "form_key": uuid7(), "is_open": cms.is_open_for_enrolment(course_id)}
    return render(request, "lms/enrol.html", context)


def _where(held: Enrolment) -> dict[str, Any]:
    """The edition that this learner is in, and how far."""
    edition, overlay = cms.get_edition(held.edition_id), cms.get_overlay(held.edition_id)
    unpassed = retakes(edition, held, overlay.voids, selectors.earned_by_unit(held.pk), timezone.now())
    return {"edition": edition, "outline": presenting.outline(edition, held.progress, overlay.voids, unpassed)}


@require_safe
def enrol_fragment(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """The one personal part of a course's landing page: enrol, or go on. Never cached, loaded by htmx."""
    held = selectors.enrolment_in_course(request.actor, course_id) if request.actor.is_signed_in else None
    context = {
        "course_id": course_id,
        "enrolment": held,
        **(_where(held) if held else {}),
        "form_key": uuid7(),
        "is_open": cms.is_open_for_enrolment(course_id),
        "is_signed_in": request.actor.is_signed_in,
    }
    response = render(request, "lms/enrol_fragment.html", context)
    response["Cache-Control"] = "no-store, private"
    return response
