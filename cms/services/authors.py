"""Who is named as an author of a course, and in which order. Authors write its draft and see the images it shows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from cms import policies, selectors
from cms.errors import AuthorsAreFixed, LastAuthor, NoAuthorHere
from cms.models import Course, CourseAuthor
from cms.services.audience import admit_authors
from cms.services.locking import locked, note
from cms.states import COURSE
from core.actor import Actor
from core.errors import Forbidden
from core.notify import notify


def add_author(*, actor: Actor, course_id: UUID, person_id: UUID, now: datetime) -> None:
    """Name one more author, the last in order; somebody named already stays where they are.

    Raises CourseNotFound, Forbidden, AuthorsAreFixed, and NoAuthorHere for whoever cannot write for this organisation.
    """
    with transaction.atomic():
        course = _locked(actor, course_id)
        if course.author_rows.filter(person=person_id).exists():
            return
        if person_id not in selectors.possible_authors(course, now):
            raise NoAuthorHere
        last = course.author_rows.aggregate(last=Max("position"))["last"] or 0
        CourseAuthor.objects.create(course=course, person_id=person_id, position=last + 1)
        admit_authors(course, now)
        note("course.author_added", actor, course, now, person=str(person_id))
        _tell(actor, course, person_id, "cms.author_added", now)


def remove_author(*, actor: Actor, course_id: UUID, person_id: UUID, now: datetime) -> None:
    """Take an author off: they write no more and see its images no more. Published editions go on naming them.

    Somebody who is no author changes nothing. Raises CourseNotFound, Forbidden, AuthorsAreFixed, LastAuthor.
    """
    with transaction.atomic():
        course = _locked(actor, course_id)
        row = course.author_rows.filter(person=person_id).first()
        if row is None:
            return
        if course.author_rows.count() == 1:
            raise LastAuthor
        row.delete()
        admit_authors(course, now)
        note("course.author_removed", actor, course, now, person=str(person_id))
        _tell(actor, course, person_id, "cms.author_removed", now)


def move_author(*, actor: Actor, course_id: UUID, person_id: UUID, up: bool, now: datetime) -> None:
    """One place up or down in the order of names; at the end nothing happens. Raises as `remove_author`."""
    with transaction.atomic():
        course = _locked(actor, course_id)
        rows = list(course.author_rows.all())
        place = next((i for i, row in enumerate(rows) if row.person_id == person_id), None)
        if place is None:
            return
        other = place - 1 if up else place + 1
        if not 0 <= other < len(rows):
            return
        rows[place], rows[other] = rows[other], rows[place]
        for position, row in enumerate(rows, start=1):
            row.position = position
        CourseAuthor.objects.bulk_update(rows, ["position"])
        note("course.author_moved", actor, course, now, person=str(person_id))


def _locked(actor: Actor, course_id: UUID) -> Course:
    course = locked(actor, course_id)
    if not policies.writes(actor, course):
        raise Forbidden
    if not policies.may_change_authors(actor, course):
        raise AuthorsAreFixed(state=COURSE.states[course.state].label)
    return course


def _tell(actor: Actor, course: Course, person_id: UUID, kind: str, now: datetime) -> None:
    """Whoever was added or taken off learns it, unless they did it themselves."""
    if person_id != actor.person_id:
        notify(
            person_ids=[person_id],
            kind=kind,
            params={"title": course.title, "by": actor.name},
            url=f"/courses/desk/{course.pk}/" if kind == "cms.author_added" else "",
            now=now,
        )
