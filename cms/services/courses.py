"""Make a course with its pages; change what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.errors import CodeTaken, CourseNotFound
from cms.models import Course, CourseAuthor, CoursePage
from cms.services.locking import locked_for_editing, note, person_of
from cms.services.spaces import space_of
from cms.services.units import insert_unit
from core.actor import Actor
from core.errors import StaleForm
from directory.api import get_organisation

FACTS = (
    "title", "summary", "objectives", "language", "subject", "level", "pass_percent", "attempts_allowed", "disclosure",
)  # fmt: skip
UNIT_MINUTES = 15


def create_course(
    *,
    actor: Actor,
    course_id: UUID,
    organisation_id: UUID,
    code: str,
    facts: Mapping[str, Any],
    first_unit: str = "",
    first_unit_minutes: int = UNIT_MINUTES,
    now: datetime,
) -> UUID:
    """A draft course of an organisation, with its landing page and a first unit; the actor is its first author.

    `course_id` is minted by the form: a double click meets its own course. `facts` holds the columns named in FACTS.
    Raises Forbidden without `course.author` in that organisation, CodeTaken.
    """
    organisation = get_organisation(organisation_id)
    actor.require("course.author", organisation.path)
    with transaction.atomic():
        held = Course.unscoped.filter(pk=course_id).first()
        if held is not None:
            return _same(held, actor)
        if Course.unscoped.filter(code__iexact=code).exists():
            raise CodeTaken(code=code)
        course = Course.unscoped.create(
            pk=course_id,
            organisation=organisation,
            code=code,
            created_at=now,
            changed_at=now,
            **{name: facts[name] for name in FACTS if name in facts},
        )
        CourseAuthor.objects.create(course=course, person_id=actor.person_id)
        page = CoursePage(title=course.title, slug=code.lower(), course=course, live=False, owner_id=actor.person_id)
        space_of(organisation_id).add_child(instance=page)
        page.save_revision(user=person_of(actor))
        insert_unit(page, first_unit or _("Unit 1"), first_unit_minutes, actor)
        note("course.created", actor, course, now)
    return course_id


def _same(held: Course, actor: Actor) -> UUID:
    """The course that this very form made before. Somebody else's id is not found."""
    if not held.author_rows.filter(person=actor.person_id).exists():
        raise CourseNotFound
    return held.pk


def change_course(
    *,
    actor: Actor,
    course_id: UUID,
    facts: Mapping[str, Any],
    introduction: str,
    now: datetime,
    revision_id: int | None = None,
) -> None:
    """Change the draft's facts and the landing page's introduction (rich text). Raises CourseNotEditable, and StaleForm
    when a later revision of the landing page than the form's exists: each change of the facts makes one.
    """
    with transaction.atomic():
        course = locked_for_editing(actor, course_id)
        page = CoursePage.objects.get(course=course)
        if revision_id is not None and page.latest_revision_id != revision_id:
            raise StaleForm
        for name in FACTS:
            if name in facts:
                setattr(course, name, facts[name])
        course.changed_at = now
        course.save()
        draft = page.get_latest_revision_as_object()
        draft.title, draft.introduction = course.title, introduction
        draft.save_revision(user=person_of(actor))
        note("course.changed", actor, course, now)
