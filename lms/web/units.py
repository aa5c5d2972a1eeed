"""One unit: read it, mark it as done, keep a video's position."""

from __future__ import annotations

import math
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms import api as cms
from core.errors import Invalid
from core.ids import uuid7
from core.ui import messages
from core.ui.access import signed_in
from lms import grading, presenting, selectors
from lms.services import learning

ANSWERING = ("enrolled", "in_progress")


@require_safe
@signed_in
def unit(request: HttpRequest, enrolment_id: UUID, number: int) -> HttpResponse:
    enrolment = selectors.enrolment_for(request.actor, enrolment_id)
    edition = cms.get_edition(enrolment.edition_id)
    shown = learning.unit_of(edition, number)
    overlay = cms.get_overlay(enrolment.edition_id)
    now = timezone.now()
    learning.open_unit(actor=request.actor, enrolment=enrolment, unit=shown, now=now)
    done = enrolment.progress.done
    questions = grading.questions(shown, overlay.voids)
    chances = selectors.chances_at(enrolment, edition, shown, overlay.voids) if questions else None
    toc = presenting.unit_rows(edition, enrolment.progress, overlay.voids, number)
    context = {
        "enrolment": enrolment,
        "edition": edition,
        "chances": chances,
        "may_answer": chances is not None and chances.may_start(now) and enrolment.state in ANSWERING,
        "unit": shown,
        "number": number,
        "total": len(edition.units),
        "toc": toc,
        "before": toc[number - 2] if number > 1 else None,
        "after": toc[number] if number < len(toc) else None,
        "nodes": presenting.unit_content(
            shown, overlay, selectors.positions(enrolment.pk), actor=request.actor, now=now
        ),
        "questions": len(questions),
        "points": sum(node.points for node in questions),
        "attempts": [a for a in selectors.submitted_attempts(enrolment.pk) if a.unit_key == shown.key]
        if questions
        else [],
        "is_done": grading.unit_is_done(shown, done, overlay.voids),
        "is_read": all(n.key in done for n in grading.standing(shown, overlay.voids) if not n.is_scored),
        "percent": enrolment.progress.percent,
        "positions_url": reverse("lms:position", args=(enrolment.pk, "-")).removesuffix("-/"),
        "form_key": uuid7(),
    }
    return render(request, "lms/unit.html", context)


@require_POST
@signed_in
def done(request: HttpRequest, enrolment_id: UUID, number: int) -> HttpResponse:
    """Mark as done, then go where there is something left to do: this unit's questions, the next unit, the course."""
    completion = learning.complete_unit(
        actor=request.actor, enrolment_id=enrolment_id, unit_number=number, now=timezone.now()
    )
    enrolment = selectors.enrolment_for(request.actor, enrolment_id)
    edition = cms.get_edition(enrolment.edition_id)
    voids = cms.get_overlay(enrolment.edition_id).voids
    if completion is None and not grading.unit_is_done(edition.units[number - 1], enrolment.progress.done, voids):
        messages.noted(request, _("Read. The unit is done once you have answered its questions."))
        return redirect("lms:unit", enrolment_id, number)
    if completion is not None or number == len(edition.units):
        return redirect("lms:course", enrolment_id)
    messages.done(request, _("Unit %(n)s is done.") % {"n": number})
    return redirect("lms:unit", enrolment_id, number + 1)


@require_POST
@signed_in
def position(request: HttpRequest, enrolment_id: UUID, node_key: str) -> HttpResponse:
    """The player's report: `position` in seconds. Answers 204."""
    try:
        seconds = float(request.POST.get("position", ""))
    except ValueError:
        raise Invalid from None
    if not math.isfinite(seconds):
        raise Invalid
    learning.keep_position(
        actor=request.actor, enrolment_id=enrolment_id, node_key=node_key, seconds=seconds, now=timezone.now()
    )
    return HttpResponse(status=204)
