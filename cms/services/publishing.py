"""From an approved manifest to an immutable edition; the way to the next one; and the end of a course."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction

from cms import faces, manifests, pictures, policies
from cms.errors import CourseNotReady
from cms.events import EditionPublished
from cms.models import Course, CourseEdition, CoursePage, EditionOverlay, EditionPicture, EditionReference
from cms.services import index
from cms.services.audience import admit_authors
from cms.services.locking import locked, move, note, person_of, was_done
from core.actor import Actor
from core.errors import Forbidden
from core.outbox import publish
from core.states import WrongState
from core.ui.page_cache import bump_epoch

ATTEMPTS_BEFORE = 3  # what manifests from before the limit count as


def publish_course(*, actor: Actor, course_id: UUID, now: datetime) -> UUID:
    """Freeze the approved manifest as the next edition and make it current. Returns the edition's id, to a second
    click its own.

    Raises Forbidden without `course.publish`, WrongState unless approved, CourseNotReady when something that the
    manifest refers to was withdrawn since the review.
    """
    with transaction.atomic():
        course = locked(actor, course_id)
        actor.require("course.publish", course.organisation.path)
        if was_done(course, "publish", actor) and course.current_edition_id:
            return course.current_edition_id
        if not policies.may_publish(actor, course):
            from cms.states import COURSE

            raise WrongState(state=COURSE.states[course.state].label)
        if gone := manifests.withdrawn_since(course.manifest or {}, now):
            raise CourseNotReady(fields={fault.place: [fault.sentence] for fault in gone})
        edition = freeze_edition(course, actor, now)
        admit_authors(course, now)
        move(course, "publish", actor, now, current_edition=edition, credit_points=None)
        _publish_page(course, actor)
        index.enter(course, edition, now)
        note("course.published", actor, course, now, edition=str(edition.pk), hash=edition.content_hash)
        publish(EditionPublished(edition_id=edition.pk, course_id=course.pk), now=now)
        transaction.on_commit(bump_epoch)
    return edition.pk


def freeze_edition(course: Course, actor: Actor, now: datetime) -> CourseEdition:
    """The next edition from the course's approved manifest, with its references, pictures and an empty overlay."""
    manifest: Any = course.manifest  # present: the course is approved
    last = course.editions.order_by("-number").values_list("number", flat=True).first()
    edition = CourseEdition.objects.create(
        course=course,
        number=(last or 0) + 1,
        title=manifest["title"],
        summary=manifest["summary"],
        language=manifest["language"],
        subject=manifest["subject"],
        level=manifest["level"],
        learning_minutes=manifest["learning_minutes"],
        pass_percent=manifest["pass_percent"],
        attempts_allowed=manifest.get("attempts_allowed", ATTEMPTS_BEFORE),
        manifest=manifest,
        cover=faces.of_manifest(manifest),
        content_hash=course.manifest_hash,
        round_id=course.round_id,  # type: ignore[misc]  # an approved course has had its round
        published_by_id=actor.person_id,
        published_at=now,
    )
    EditionReference.objects.bulk_create(
        EditionReference(edition=edition, node_key=node["key"], kind=node["kind"], reference=node["reference"])
        for unit in manifest["units"]
        for node in unit["nodes"]
        if node["reference"]
    )
    EditionPicture.objects.bulk_create(
        EditionPicture(edition=edition, name=name) for name in pictures.names_in(manifest)
    )
    EditionOverlay.objects.create(edition=edition, changed_at=now)
    return edition


def _publish_page(course: Course, actor: Actor) -> None:
    """Make the landing page live, at the revision that was reviewed."""
    page = CoursePage.objects.get(course=course)
    revision = page.revisions.get(pk=(course.manifest or {})["landing_revision"])
    revision.publish(user=person_of(actor), skip_permission_checks=True)


def revise_course(*, actor: Actor, course_id: UUID, now: datetime) -> None:
    """Begin the next edition; the current one stays published. Twice is no error. Raises Forbidden, WrongState."""
    with transaction.atomic():
        course = locked(actor, course_id)
        if not policies.writes(actor, course):
            raise Forbidden
        if was_done(course, "revise", actor):
            return
        move(course, "revise", actor, now)
        admit_authors(course, now)
        note("course.revised", actor, course, now)


def retire_course(*, actor: Actor, course_id: UUID, now: datetime) -> None:
    """Take a course out of the catalogue for good; progress and credits stay. Twice is no error.

    Raises Forbidden, WrongState.
    """
    with transaction.atomic():
        course = locked(actor, course_id)
        actor.require("course.publish", course.organisation.path)
        if was_done(course, "retire", actor):
            return
        move(course, "retire", actor, now, retired_at=now)
        admit_authors(course, now)
        page = CoursePage.objects.get(course=course)
        if page.live:
            UnpublishPageAction(page, user=person_of(actor)).execute(skip_permission_checks=True)
        index.remove(course, now)
        note("course.retired", actor, course, now)
        transaction.on_commit(bump_epoch)
