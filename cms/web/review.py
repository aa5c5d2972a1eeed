"""The author's side of a review: hand in, take back, read the blind reports, answer comments, see what changed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cms import manifests, policies, selectors, services
from cms.errors import CourseNotReady
from cms.remarks import remarks_on
from cms.reviewed_facts import places_of
from cms.states import COURSE
from cms.web.forms import SubmitForm
from core.errors import Forbidden
from core.ids import uuid7
from core.ui.access import signed_in
from core.ui.idempotency import posted_key
from core.ui.problems import wants_problem
from peer_review.api import (
    ReviewNotFound,
    ReviewWentOn,
    answer_comment,
    candidates,
    comments_of,
    get_round,
    standing_of,
)


@require_http_methods(["GET", "POST"])
@signed_in
def submit(request: HttpRequest, course_id: UUID) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    now = timezone.now()
    manifest, missing = manifests.freeze(found, now)
    offered = candidates(
        subject_kind="course",
        author_ids=selectors.writers_of(found),
        contributor_ids=manifests.contributors(manifest),
        now=now,
    )
    form = SubmitForm(request.POST if request.method == "POST" else None, candidates=offered, subject=found.subject)
    if request.method == "POST" and form.is_valid():
        try:
            services.submit_course(
                actor=request.actor,
                course_id=course_id,
                reviewer_ids=[UUID(r) for r in form.cleaned_data["reviewers"]],
                now=now,
            )
        except CourseNotReady as error:
            form.add_error(None, error.sentence())
        else:
            messages.success(request, _("Submitted. The reviewers have been asked."))
            return redirect("cms:course", course_id)
    context = {"course": found, "form": form, "missing": missing, "remarks": remarks_on(manifest, now)}
    return render(request, "cms/desk/submit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def withdraw(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Asks, with what the reviewers have done; a form that has not seen that, or not as it is now, is asked again."""
    if request.method == "GET":
        return _ask_to_withdraw(request, course_id)
    try:
        services.withdraw_submission(
            actor=request.actor,
            course_id=course_id,
            now=timezone.now(),
            seen=request.POST.get("seen", ""),
        )
    except ReviewWentOn as error:
        if wants_problem(request):
            raise
        return _ask_to_withdraw(request, course_id, error)
    messages.success(request, _("The submission was taken back."))
    return redirect("cms:course", course_id)


def _ask_to_withdraw(request: HttpRequest, course_id: UUID, conflict: ReviewWentOn | None = None) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    if not policies.writes(request.actor, found):
        raise Forbidden
    COURSE.check(found.state, "withdraw")
    standing = standing_of(found.round_id)
    context = {
        "course": found,
        "state": COURSE.states[found.state].label,
        "standing": standing,
        "conflict": conflict,
    }
    return render(request, "cms/desk/withdraw.html", context, status=conflict.status if conflict else 200)


@require_GET
@signed_in
def round_page(request: HttpRequest, course_id: UUID, round_id: UUID) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    facts = get_round(round_id)
    if facts.subject_id != found.pk:
        raise ReviewNotFound
    titles = places_of(facts.manifest)
    threads = [{"comment": c, "place": titles[c.anchor], "form_key": uuid7()} for c in comments_of(round_id)]
    context = {
        "course": found,
        "round": facts,
        "threads": threads,
        "may_answer": policies.writes(request.actor, found),
        "may_staff": policies.may_staff(request.actor, found, facts.author_ids),
        "now": timezone.now(),
    }
    return render(request, "cms/desk/round.html", context)


@require_POST
@signed_in
def answer(request: HttpRequest, course_id: UUID, comment_id: UUID) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    answer_comment(
        actor=request.actor,
        round_id=found.round_id,
        parent_id=comment_id,
        comment_id=posted_key(request),
        text=request.POST.get("text", ""),
        now=timezone.now(),
    )
    return redirect("cms:round", course_id, found.round_id)
