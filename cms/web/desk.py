"""The course desk: my courses, one course with what is missing, publish and retire."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cms import faces, manifests, policies, references, selectors, services
from cms.errors import CodeTaken
from cms.models import Course
from cms.reviewed_facts import places_of
from cms.states import COURSE, Subject
from cms.web.authors import present_authors
from cms.web.forms import CourseFactsForm, DeskFilterForm, NewCourseForm, NewUnitForm, keep_typed
from cms.web.public import SUBJECT_ICONS
from core.actor import Actor
from core.content import NotReady
from core.errors import StaleForm
from core.ui.access import requires, signed_in
from core.ui.pagination import paginate
from peer_review.api import RoundProgress, comments_of, get_round, progress_of

PER_PAGE = 30
DESK_LABELS = {
    "all": pgettext_lazy("filter", "All"),
    "changes": gettext_lazy("Waiting for the authors"),
    "approved": gettext_lazy("Approved, to be published"),
    "draft": gettext_lazy("Drafts"),
    "review": gettext_lazy("Under review"),
    "published": gettext_lazy("Published"),
    "retired": gettext_lazy("Retired"),
}


@require_GET
@signed_in
def course_list(request: HttpRequest) -> HttpResponse:
    actor, organisations = request.actor, selectors.desk_organisations(request.actor)
    form = DeskFilterForm(request.GET, organisations=organisations)
    filters = form.filters()
    counts = selectors.desk_counts(actor, filters)
    view = request.GET.get("tab", "all")
    view = view if view in counts else "all"
    page = paginate(selectors.desk_list(actor, filters, view), page=request.GET.get("page"), per_page=PER_PAGE)
    has_several = len(organisations) > 1
    context = {
        "page": page,
        "rows": _desk_rows(actor, page.items),
        "machine": COURSE,
        "may_create": actor.may("course.author"),
        "tab": view,
        "tabs": [(name, DESK_LABELS[name], number) for name, number in counts.items()],
        "form": form,
        "filter_fields": [form[name] for name in ("subject", "language", *(["organisation"] if has_several else []))],
        "is_filtered": any(form.cleaned_data.values()),
        "has_several": has_several,
    }
    return render(request, "cms/desk/list.html", context)


def _desk_rows(actor: Actor, courses: Iterable[Course]) -> list[dict[str, Any]]:
    """Each course with how far its review is and whether it waits for this person."""
    courses = list(courses)
    progress = progress_of(course.round_id for course in courses)
    return [_desk_row(actor, course, progress) for course in courses]


def _desk_row(actor: Actor, course: Course, progress: dict[UUID, RoundProgress]) -> dict[str, Any]:
    round_now = progress.get(course.round_id) if course.round_id and course.state == "in_review" else None
    return {
        "course": course,
        "progress": round_now,
        "may_staff": round_now is not None and policies.may_staff(actor, course, round_now.author_ids),
        "may_publish": policies.may_publish(actor, course),
        "withdrawn": selectors.withdrawn_units(course),
    }


@require_http_methods(["GET", "POST"])
@requires("course.author")
def course_new(request: HttpRequest) -> HttpResponse:
    form = NewCourseForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            course_id = services.create_course(
                actor=request.actor,
                course_id=form.cleaned_data["form_key"],
                organisation_id=form.cleaned_data["organisation"].pk,
                code=form.cleaned_data["code"],
                facts=form.facts(),
                first_unit=form.cleaned_data["first_unit"],
                first_unit_minutes=form.cleaned_data["first_unit_minutes"],
                now=timezone.now(),
            )
        except CodeTaken as error:
            form.add_error("code", error.sentence())
        else:
            messages.success(request, _("Course created."))
            return redirect("cms:course", course_id)
    return render(request, "cms/desk/new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
@signed_in
def course(request: HttpRequest, course_id: UUID) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    now = timezone.now()
    return render(request, "cms/desk/course.html", {**_course_context(request.actor, found, now), "now": now})


def _course_context(actor: Actor, found: Course, now: datetime) -> dict[str, Any]:
    is_editable = policies.may_edit(actor, found)
    manifest, missing = manifests.freeze(found, now) if is_editable else (found.manifest, [])
    units = _unit_rows(found, now)
    return {
        "course": found,
        "content_language": content_language(found),
        "machine": COURSE,
        "page": selectors.page_of(found),
        "units": units,
        "minutes": sum(row["unit"].minutes for row in units),
        "missing": missing,
        "face": faces.of_manifest(manifest) if manifest else {},
        "sign": SUBJECT_ICONS[Subject(found.subject)],
        "withdrawn": selectors.withdrawn_units(found),
        "demands": _demands(found),
        "authors": present_authors(found, now),
        "publishers": selectors.publishers_of(found, now) if found.state == "approved" else [],
        "round": get_round(found.round_id) if found.round_id else None,
        "editions": found.editions.order_by("-number"),
        "unit_form": NewUnitForm(),
        "may": {
            "edit": is_editable,
            "change_authors": policies.may_change_authors(actor, found),
            "submit": policies.may_submit(actor, found),
            "withdraw": policies.may_withdraw(actor, found),
            "publish": policies.may_publish(actor, found),
            "revise": policies.may_revise(actor, found),
            "retire": policies.may_retire(actor, found),
            "correct": policies.may_correct(actor, found),
        },
    }


def _demands(course: Course) -> dict[str, Any] | None:
    """What the reviewers ask for, while the course waits for its authors: reports that say no, and open comments."""
    if course.state != "changes_requested" or course.round_id is None:
        return None
    facts = get_round(course.round_id)
    titles = places_of(facts.manifest)
    return {
        "reports": [report for report in facts.reports if report.verdict != "approve"],
        "comments": [
            {"comment": comment, "place": titles[comment.anchor]}
            for comment in comments_of(course.round_id)
            if not comment.is_resolved
        ],
    }


def content_language(course: Course) -> str:
    """The course's language as HTML names it."""
    return "zh-Hans" if course.language.startswith("zh") else course.language


def _unit_rows(course: Course, now: datetime) -> list[dict[str, Any]]:
    drafts = [(unit, selectors.raw_blocks(unit)) for unit in selectors.units_of(course)]
    foreign = references.foreign(course, references.named(raw for _unit, blocks in drafts for raw in blocks), now)
    return [_unit_row(unit, blocks, foreign, now) for unit, blocks in drafts]


def _unit_row(unit: Any, blocks: list[dict[str, Any]], foreign: references.Named, now: datetime) -> dict[str, Any]:
    nodes, scored, faults = 0, 0, 0
    for raw in blocks:
        try:
            node = manifests.freeze_block(raw, now, foreign)
        except NotReady:
            faults += 1
            continue
        nodes += 1
        scored += node.is_scored
    return {"unit": unit, "blocks": nodes + faults, "scored": scored, "faults": faults}


@require_http_methods(["GET", "POST"])
@signed_in
def facts(request: HttpRequest, course_id: UUID) -> HttpResponse:
    found = selectors.desk_course(request.actor, course_id)
    page = selectors.page_of(found).get_latest_revision_as_object()
    form = CourseFactsForm(request.POST or None, instance=found, page=page)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.change_course(
                actor=request.actor,
                course_id=course_id,
                revision_id=form.cleaned_data["revision"],
                facts={name: form.cleaned_data[name] for name in form.Meta.fields},
                introduction=form.rich_introduction(),
                now=timezone.now(),
            )
        except StaleForm as error:
            keep_typed(form, error)
            status = error.status
        else:
            messages.success(request, _("Saved."))
            return redirect("cms:course", course_id)
    return render(request, "cms/desk/facts.html", {"form": form, "course": found}, status=status)


@require_POST
@signed_in
def publish(request: HttpRequest, course_id: UUID) -> HttpResponse:
    services.publish_course(actor=request.actor, course_id=course_id, now=timezone.now())
    messages.success(request, _("The edition is published."))
    return redirect("cms:course", course_id)


@require_POST
@signed_in
def revise(request: HttpRequest, course_id: UUID) -> HttpResponse:
    services.revise_course(actor=request.actor, course_id=course_id, now=timezone.now())
    return redirect("cms:course", course_id)


@require_POST
@signed_in
def retire(request: HttpRequest, course_id: UUID) -> HttpResponse:
    services.retire_course(actor=request.actor, course_id=course_id, now=timezone.now())
    messages.success(request, _("The course is retired."))
    return redirect("cms:course", course_id)
