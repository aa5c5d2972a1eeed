"""The reviewer's desk and the page of one review. Reviewers need no page rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import Invalid
from core.ui.access import signed_in
from core.ui.idempotency import posted_key
from core.ui.problems import problem, wants_problem
from peer_review import selectors, services
from peer_review.errors import ReportStale
from peer_review.marks import mark_of
from peer_review.models import Assignment
from peer_review.states import ASSIGNMENT, ROUND, Verdict
from peer_review.subjects import render_manifest, subject_of
from peer_review.web import reading


@require_GET
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    todo = list(selectors.mine_to_do(request.actor))
    done = list(selectors.mine(request.actor).exclude(pk__in=[a.pk for a in todo])[:50])
    return render(
        request,
        "peer_review/desk.html",
        {"todo": [_row(a) for a in todo], "done": [_row(a) for a in done], "machine": ASSIGNMENT, "now": now},
    )


def _row(assignment: Assignment) -> dict[str, Any]:
    return {
        "assignment": assignment,
        "round": assignment.round,
        "kind": subject_of(assignment.round.subject_kind).label,
    }


@require_GET
@signed_in
def assignment(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    found = selectors.my_assignment(request.actor, assignment_id)
    if found.state not in selectors.WORKING:
        return _left(request, found)
    posted = reading.posted_from(found, selectors.report_of(found))
    return _page(request, found, posted, {}, 200)


def _left(request: HttpRequest, found: Assignment) -> HttpResponse:
    """For whoever stepped back or was released: that fact, and nothing of what is reviewed."""
    context = {
        "assignment": found,
        "round": found.round,
        "kind": subject_of(found.round.subject_kind).label,
        "machine": ASSIGNMENT,
    }
    return render(request, "peer_review/left.html", context)


def _page(
    request: HttpRequest, found: Assignment, posted: reading.Posted, errors: Mapping[str, Any], status: int
) -> HttpResponse:
    row, now = found.round, timezone.now()
    rubric = reading.rubric_of(row)
    blocks = render_manifest(row.subject_kind, row.manifest, actor=request.actor, now=now)
    rows = reading.block_rows(blocks, selectors.comments_of(row.pk))
    missing = rubric.missing(posted.scores)
    context = {
        "assignment": found,
        "round": row,
        "kind": subject_of(row.subject_kind).label,
        "letter": selectors.letter(found.ordinal),
        "sections": reading.sections(rows),
        "rubric": reading.rubric_rows(rubric, posted, errors, get_language() or "en"),
        "reason_at_or_below": rubric.reason_at_or_below,
        "highest": rubric.highest,
        "missing_words": reading.missing_words(),
        "missing": [item.label(get_language() or "en") for item in missing],
        "scored": len(rubric.items) - len(missing),
        "weighted": rubric.weighted(posted.scores),
        "posted": posted,
        "errors": errors,
        "error_summary": reading.error_summary(rubric, errors, get_language() or "en"),
        "is_open": found.state in selectors.OPEN and row.state == "open",
        "machine": ASSIGNMENT,
        "round_machine": ROUND,
        "verdict_label": dict(Verdict.choices).get(posted.verdict, ""),
        "is_stale": status == ReportStale.status,
        "now": now,
    }
    return render(request, "peer_review/assignment.html", context, status=status)


@require_POST
@signed_in
def report(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """`save` keeps a draft, as the page's script does by itself; `verdict` submits. What is refused stays as typed."""
    found = selectors.my_assignment(request.actor, assignment_id)
    posted = reading.read_report(request.POST, reading.rubric_of(found.round))
    try:
        revision = _keep(request, assignment_id, posted)
    except (Invalid, ReportStale) as error:
        return problem(error, request) if wants_problem(request) else _refused(request, assignment_id, posted, error)
    if wants_problem(request):
        return JsonResponse({"revision": revision})
    if not posted.verdict:
        messages.success(request, _("Draft saved."))
        return redirect("peer_review:assignment", assignment_id)
    messages.success(request, _("Your review was submitted."))
    return redirect("peer_review:desk")


def _keep(request: HttpRequest, assignment_id: UUID, posted: reading.Posted) -> str:
    """The draft's new mark, "" when the report was handed in."""
    fields: dict[str, Any] = {
        "actor": request.actor,
        "assignment_id": assignment_id,
        "scores": posted.scores,
        "reasons": posted.reasons,
        "summary": posted.summary,
        "is_named": posted.is_named,
        "revision": posted.revision,
        "now": timezone.now(),
    }
    if not posted.verdict:
        return services.save_report(**fields)
    services.submit_report(**fields, verdict=posted.verdict)
    return ""


def _refused(
    request: HttpRequest, assignment_id: UUID, posted: reading.Posted, error: Invalid | ReportStale
) -> HttpResponse:
    """The page with what was typed. Whoever was told that the draft is another may replace it with the next press."""
    found = selectors.my_assignment(request.actor, assignment_id)
    if isinstance(error, Invalid):
        return _page(request, found, posted, error.fields or {"": [error.sentence()]}, error.status)
    seen = replace(posted, revision=mark_of(found, selectors.report_of(found)))
    return _page(request, found, seen, {"": [error.sentence(), error.advice()]}, error.status)


@require_POST
@signed_in
def comment(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    services.write_comment(
        actor=request.actor,
        assignment_id=assignment_id,
        comment_id=posted_key(request),
        anchor=request.POST.get("anchor", ""),
        text=request.POST.get("text", ""),
        now=timezone.now(),
    )
    return redirect(f"/reviews/{assignment_id}/#b-{request.POST.get('anchor', '')}")


@require_POST
@signed_in
def resolve(request: HttpRequest, assignment_id: UUID, comment_id: UUID) -> HttpResponse:
    services.resolve_comment(actor=request.actor, comment_id=comment_id, now=timezone.now())
    return redirect("peer_review:assignment", assignment_id)


@require_POST
@signed_in
def conflict(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    services.declare_conflict(
        actor=request.actor,
        assignment_id=assignment_id,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    messages.success(
        request, _("Noted. Another reviewer is asked in your place, or the desk is told that nobody is free.")
    )
    return redirect("peer_review:desk")


@require_POST
@signed_in
def naming(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    services.set_naming(
        actor=request.actor,
        assignment_id=assignment_id,
        is_named=request.POST.get("is_named") == "yes",
        now=timezone.now(),
    )
    return redirect("peer_review:assignment", assignment_id)
