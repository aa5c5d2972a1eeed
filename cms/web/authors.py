"""The authors of a course: who they are, in which order they are named, who comes and who goes."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cms import policies, selectors, services
from cms.models import Course
from cms.states import AUTHORS_FIXED
from cms.web.forms import AuthorForm
from cms.web.public import person_row
from core.ui.access import signed_in
from directory.api import get_people


@require_http_methods(["GET", "POST"])
@signed_in
def authors(request: HttpRequest, course_id: UUID) -> HttpResponse:
    found, now = selectors.desk_course(request.actor, course_id), timezone.now()
    able = selectors.possible_authors(found, now)
    rows = author_rows(found, able)
    others = _others({row["id"] for row in rows}, able)
    form = AuthorForm(
        request.POST if request.method == "POST" else None, offered=others, named=[row["id"] for row in rows]
    )
    if request.method == "POST" and form.is_valid():
        services.add_author(actor=request.actor, course_id=course_id, person_id=form.cleaned_data["person"], now=now)
        messages.success(request, _("Added. The person is told."))
        return redirect("cms:authors", course_id)
    context = {
        "course": found,
        "rows": rows,
        "form": form,
        "has_others": bool(others),
        "fixed": AUTHORS_FIXED,
        "may_change": policies.may_change_authors(request.actor, found),
        "me": request.actor.person_id,
    }
    return render(request, "cms/desk/authors.html", context, status=422 if form.is_bound else 200)


def _others(named: set[UUID], able: list[UUID]) -> list[tuple[str, str]]:
    """Choices: id, and name with title and place."""
    cards = get_people(set(able) - named).values()
    rows = [(str(card.id), " · ".join(filter(None, person_row(card).values()))) for card in cards]
    return sorted(rows, key=itemgetter(1))


def author_rows(course: Course, able: list[UUID]) -> list[dict[str, Any]]:
    """Each author in order, and whether they hold the author's role here."""
    ids = selectors.author_ids(course)
    people = get_people(ids)
    return [{"id": pk, **person_row(people[pk]), "is_able": pk in able} for pk in ids if pk in people]


def present_authors(course: Course, now: datetime) -> list[dict[str, Any]]:
    """As `author_rows`, for the course's page."""
    return author_rows(course, selectors.possible_authors(course, now))


@require_POST
@signed_in
def move(request: HttpRequest, course_id: UUID, person_id: UUID) -> HttpResponse:
    is_up = request.POST.get("direction") == "up"
    services.move_author(actor=request.actor, course_id=course_id, person_id=person_id, up=is_up, now=timezone.now())
    return redirect("cms:authors", course_id)


@require_POST
@signed_in
def remove(request: HttpRequest, course_id: UUID, person_id: UUID) -> HttpResponse:
    """Whoever takes themselves off may see the course no more, and goes to the desk."""
    services.remove_author(actor=request.actor, course_id=course_id, person_id=person_id, now=timezone.now())
    if person_id == request.actor.person_id:
        messages.success(request, _("You are no author of this course any more."))
        return redirect("cms:desk")
    messages.success(request, _("Taken off. Editions that name them go on naming them."))
    return redirect("cms:authors", course_id)
