"""One unit: read it, mark it as done, keep the place in it and a video's position."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms import api as cms
from cms.contracts import Edition, EditionUnit
from core.errors import Invalid
from core.ids import uuid7
from core.ui import messages
from core.ui.access import signed_in
from lms import grading, presenting, selectors
from lms.chances import chances_in, counts
from lms.contents import Contents, contents_of
from lms.models import Attempt, Enrolment
from lms.retakes import retakes
from lms.services import learning
from lms.states import ANSWERING


@require_safe
@signed_in
def unit(request: HttpRequest, enrolment_id: UUID, number: int) -> HttpResponse:
    enrolment = selectors.enrolment_for(request.actor, enrolment_id)
    edition = cms.get_edition(enrolment.edition_id)
    shown = learning.unit_of(edition, number)
    overlay = cms.get_overlay(enrolment.edition_id)
    now = timezone.now()
    learning.open_unit(actor=request.actor, enrolment=enrolment, unit=shown, now=now)
    attempts = _attempts(enrolment, edition, shown)
    unpassed = {one.number: one for one in retakes(edition, enrolment, overlay.voids, attempts, now)}
    rows = presenting.unit_rows(edition, enrolment.progress, overlay.voids, number, unpassed)
    nodes = presenting.unit_content(shown, overlay, selectors.positions(enrolment.pk), actor=request.actor, now=now)
    contents = contents_of(shown, nodes, enrolment.progress, overlay.voids, is_unpassed=number in unpassed)
    context = {
        "enrolment": enrolment,
        "edition": edition,
        "unit": shown,
        "number": number,
        "total": len(edition.units),
        "nodes": nodes,
        "contents": contents,
        "outline": _outline(edition, rows, contents),
        "before": rows[number - 2] if number > 1 else None,
        "after": presenting.next_row(rows, number),
        "is_open": enrolment.state in ANSWERING,
        "positions_url": reverse("lms:position", args=(enrolment.pk, "-")).removesuffix("-/"),
        "form_key": uuid7(),
        "retake": unpassed.get(number),
        **_standing(enrolment, edition, shown, overlay.voids, attempts.get(shown.key, []), now),
    }
    return render(request, "lms/unit.html", context)


def _outline(edition: Edition, rows: list[presenting.UnitRow], contents: Contents) -> SafeString:
    """The units with the parts of this one; drawn once and shown twice, beside the text and under the bar."""
    context = {"edition": edition, "rows": rows, "contents": contents}
    return render_to_string("lms/parts/outline.html", context)


def _attempts(enrolment: Enrolment, edition: Edition, unit: EditionUnit) -> Mapping[str, list[Attempt]]:
    """Unit key -> attempts. No query where nothing can have been answered that this page shows."""
    answered = {node.key for node in edition.scored_nodes}.intersection(enrolment.progress.done)
    if not answered and not any(node.is_scored for node in unit.nodes):
        return {}
    return selectors.attempts_by_unit(enrolment.pk)


def _standing(
    enrolment: Enrolment,
    edition: Edition,
    unit: EditionUnit,
    voids: Collection[str],
    attempts: Sequence[Attempt],
    now: datetime,
) -> dict[str, Any]:
    """What of the unit is done, and how the learner stands with its questions."""
    done, questions = enrolment.progress.done, grading.questions(unit, voids)
    attempts = attempts if questions else []
    chances = chances_in(edition, enrolment, attempts) if questions else None
    ended = [attempt for attempt in attempts if attempt.submitted_at is not None]
    counting = [attempt for attempt in ended if counts(enrolment, attempt)]
    return {
        "chances": chances,
        "may_answer": chances is not None and chances.may_start(now) and enrolment.state in ANSWERING,
        "questions": len(questions),
        "points": sum(node.points for node in questions),
        "attempts": ended,
        "open_attempt": next((attempt for attempt in attempts if attempt.submitted_at is None), None),
        "best": max(counting, key=lambda attempt: attempt.points, default=None),
        "is_done": grading.unit_is_done(unit, done, voids),
        "is_read": all(node.key in done for node in grading.standing(unit, voids) if not node.is_scored),
    }


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
    unpassed = retakes(edition, enrolment, voids, selectors.earned_by_unit(enrolment.pk), timezone.now())
    if any(one.number == number for one in unpassed):
        messages.noted(request, _("Unit %(n)s is read; its test is not passed yet.") % {"n": number})
    else:
        messages.done(request, _("Unit %(n)s is done.") % {"n": number})
    return redirect("lms:unit", enrolment_id, number + 1)


@require_POST
@signed_in
def position(request: HttpRequest, enrolment_id: UUID, node_key: str) -> HttpResponse:
    """The player's report: `position` in seconds; without one, that this part was looked at. Answers 204."""
    if "position" not in request.POST:
        learning.keep_place(actor=request.actor, enrolment_id=enrolment_id, node_key=node_key, now=timezone.now())
        return HttpResponse(status=204)
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
