"""Units: the pages below a course, as drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.blocks import StreamValue

from cms import selectors
from cms.models import CoursePage, UnitPage
from cms.services.locking import locked_for_editing, note, person_of
from core.actor import Actor
from core.errors import StaleForm


def insert_unit(
    page: CoursePage, title: str, minutes: int, actor: Actor, blocks: list[dict[str, Any]] | None = None
) -> UnitPage:
    """A new last unit below the course's page, never live. `blocks` are stored as they are: type, value, id."""
    number = UnitPage.objects.child_of(page).count() + 1
    unit = UnitPage(title=title, slug=f"unit-{number}", minutes=minutes, live=False, owner_id=actor.person_id)
    while UnitPage.objects.child_of(page).filter(slug=unit.slug).exists():
        number += 1
        unit.slug = f"unit-{number}"
    if blocks:
        unit.body = StreamValue(UnitPage._meta.get_field("body").stream_block, blocks, is_lazy=True)
    page.add_child(instance=unit)
    unit.save_revision(user=person_of(actor))
    return unit


def add_unit(*, actor: Actor, course_id: UUID, key: UUID, title: str, minutes: int, now: datetime) -> int:
    """Add a last unit; `key` is minted by the form. Returns the page id. Raises CourseNotEditable."""
    with transaction.atomic():
        course = locked_for_editing(actor, course_id)
        page = selectors.page_of(course)
        held = UnitPage.objects.child_of(page).filter(key=key).first()
        if held is not None:
            return held.pk
        unit = insert_unit(page, title, minutes, actor)
        UnitPage.objects.filter(pk=unit.pk).update(key=key)
        unit.key = key
        unit.save_revision(user=person_of(actor))
        note("course.unit_added", actor, course, now, unit=str(key))
    return unit.pk


def draft_of(actor: Actor, course_id: UUID, unit_id: int, revision_id: int | None) -> UnitPage:
    """The unit's latest draft, its course locked. Raises StaleForm when a later revision than the form's exists."""
    course = locked_for_editing(actor, course_id)
    unit = selectors.unit_of(course, unit_id)
    if revision_id is not None and unit.latest_revision_id != revision_id:
        raise StaleForm
    return unit


def keep(unit: UnitPage, actor: Actor, course_id: UUID, now: datetime, action: str) -> None:
    """Save the draft as a page revision, as Wagtail's own editor does."""
    from cms.models import Course

    unit.save_revision(user=person_of(actor))
    course = Course.unscoped.select_related("organisation").get(pk=course_id)
    Course.unscoped.filter(pk=course_id).update(changed_at=now)
    note(action, actor, course, now, unit=str(unit.key))


def note_editor_save(*, actor: Actor, course_id: UUID, page_id: int, now: datetime) -> None:
    """Wagtail's editor has saved a draft of this course: date it and audit it."""
    with transaction.atomic():
        course = locked_for_editing(actor, course_id)
        course.changed_at = now
        course.save(update_fields=["changed_at"])
        note("course.edited", actor, course, now, page=page_id)


def change_unit(
    *, actor: Actor, course_id: UUID, unit_id: int, revision_id: int | None, title: str, minutes: int, now: datetime
) -> None:
    with transaction.atomic():
        unit = draft_of(actor, course_id, unit_id, revision_id)
        unit.title, unit.minutes = title, minutes
        keep(unit, actor, course_id, now, "course.unit_changed")


def move_unit(*, actor: Actor, course_id: UUID, unit_id: int, up: bool, now: datetime) -> None:
    """One place up or down; at the end nothing happens."""
    with transaction.atomic():
        course = locked_for_editing(actor, course_id)
        siblings = list(UnitPage.objects.child_of(selectors.page_of(course)).order_by("path"))
        place = next((i for i, sibling in enumerate(siblings) if sibling.pk == unit_id), None)
        if place is None:
            selectors.unit_of(course, unit_id)
            return
        target = place - 1 if up else place + 1
        if 0 <= target < len(siblings):
            siblings[place].move(siblings[target], pos="left" if up else "right")
            note("course.unit_moved", actor, course, now, unit=str(siblings[place].key))


def remove_unit(*, actor: Actor, course_id: UUID, unit_id: int, now: datetime) -> None:
    """Take a unit out of the draft. Published editions keep theirs."""
    with transaction.atomic():
        course = locked_for_editing(actor, course_id)
        unit = selectors.unit_of(course, unit_id)
        UnitPage.objects.get(pk=unit.pk).delete()
        note("course.unit_removed", actor, course, now, unit=str(unit.key))
