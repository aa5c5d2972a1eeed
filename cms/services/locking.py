"""How every service finds its course: visible, locked, re-read, and editable where it must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from cms import policies
from cms.errors import CourseNotEditable, CourseNotFound
from cms.models import Course
from cms.states import COURSE, EDITABLE
from core import audit
from core.actor import Actor
from core.errors import Forbidden

Rule = Callable[[Actor, Course], bool]


def locked(actor: Actor, course_id: UUID) -> Course:
    """The course, its row locked until the transaction ends. Raises CourseNotFound."""
    if not Course.objects.visible_to(actor).filter(pk=course_id).exists():
        raise CourseNotFound
    return Course.unscoped.select_for_update(of=("self",)).select_related("organisation").get(pk=course_id)


def locked_for_editing(actor: Actor, course_id: UUID) -> Course:
    """Raises CourseNotFound, Forbidden, CourseNotEditable."""
    course = locked(actor, course_id)
    if not policies.writes(actor, course):
        raise Forbidden
    if course.state not in EDITABLE:
        raise CourseNotEditable(state=COURSE.states[course.state].label)
    return course


def move(course: Course, verb: str, actor: Actor, now: datetime, **fields: Any) -> None:
    """Take the machine's step and save what goes with it. Raises WrongState."""
    course.state = COURSE.check(course.state, verb)
    steps = {"changed_at": now, "last_verb": verb, "last_verb_by": actor.person_id}
    for name, value in (steps | fields).items():
        setattr(course, name, value)
    course.save(update_fields=["state", *steps, *fields])


def was_done(course: Course, verb: str, actor: Actor) -> bool:
    """Whether the last step of this course is this very deed of this person: the second of two clicks."""
    return (course.last_verb, course.last_verb_by) == (verb, actor.person_id)


def note(action: str, actor: Actor, course: Course, now: datetime, **details: Any) -> None:
    """The one audit entry of a service."""
    audit.record(
        action=action,
        actor=actor,
        subject_type="course",
        subject_id=course.pk,
        organisation_path=course.organisation.path,
        details={"code": course.code, **details},
        now=now,
    )


def person_of(actor: Actor) -> Any:
    """The user that Wagtail's revisions name; None for the system."""
    return get_user_model().objects.filter(pk=actor.person_id).first() if actor.person_id else None
