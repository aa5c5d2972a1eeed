"""Who may do what with a course. Each answer is also what the desk shows as a button."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cms.models import Course, CourseAuthor
from cms.states import AUTHORS_FIXED, COURSE, EDITABLE
from core.actor import Actor


def writes(actor: Actor, course: Course) -> bool:
    """Authors of this course who still hold the author's role, and whoever leads the desk."""
    path = course.organisation.path
    if actor.may("course.publish", path):
        return True
    is_author = course.author_rows.filter(person=actor.person_id).exists()
    return is_author and actor.may("course.author", path)


def writable_by(actor: Actor) -> QuerySet[Any]:
    """`writes` as a query."""
    courses = Course.objects.visible_to(actor)
    if actor.is_system:
        return courses
    condition = Q(pk__in=[])
    own = Q(pk__in=CourseAuthor.objects.filter(person=actor.person_id).values("course"))
    for grant in actor.grants:
        below = Q(organisation__path__startswith=grant.organisation_path)
        if "course.publish" in grant.permissions:
            condition |= below
        if "course.author" in grant.permissions:
            condition |= below & own
    return courses.filter(condition)


def led_by(actor: Actor) -> QuerySet[Any]:
    """Courses of the desks that the actor leads."""
    courses = Course.objects.visible_to(actor)
    if actor.is_system:
        return courses
    condition = Q(pk__in=[])
    for grant in actor.grants:
        if "course.publish" in grant.permissions:
            condition |= Q(organisation__path__startswith=grant.organisation_path)
    return courses.filter(condition)


def may_staff(actor: Actor, course: Course, author_ids: frozenset[UUID]) -> bool:
    """Name a reviewer for an empty place of its round: the desk's lead, but for an author of what was handed in."""
    return actor.person_id not in author_ids and actor.may("course.publish", course.organisation.path)


def may_edit(actor: Actor, course: Course) -> bool:
    return course.state in EDITABLE and writes(actor, course)


def may_change_authors(actor: Actor, course: Course) -> bool:
    return course.state not in AUTHORS_FIXED and writes(actor, course)


def may_submit(actor: Actor, course: Course) -> bool:
    return COURSE.allows(course.state, "submit") and writes(actor, course)


def may_withdraw(actor: Actor, course: Course) -> bool:
    return COURSE.allows(course.state, "withdraw") and writes(actor, course)


def may_revise(actor: Actor, course: Course) -> bool:
    return COURSE.allows(course.state, "revise") and writes(actor, course)


def may_publish(actor: Actor, course: Course) -> bool:
    return COURSE.allows(course.state, "publish") and actor.may("course.publish", course.organisation.path)


def may_correct(actor: Actor, course: Course) -> bool:
    """Print errata beside the edition in use."""
    return course.current_edition_id is not None and actor.may("course.publish", course.organisation.path)


def may_retire(actor: Actor, course: Course) -> bool:
    return COURSE.allows(course.state, "retire") and actor.may("course.publish", course.organisation.path)


def may_see_drafts_picture(actor: Actor) -> bool:
    """A kept picture that no edition shows, by the digest that is its name: the library's people choose from all of its
    pictures anyway, and a reviewer learns a digest only from what was handed to them."""
    return any(actor.may(right) for right in ("course.author", "course.publish", "course.review"))


def may_see_library(actor: Actor) -> bool:
    """What Wagtail scaled of the library's pictures: whoever may choose among them."""
    return actor.may("course.author") or actor.may("course.publish")
