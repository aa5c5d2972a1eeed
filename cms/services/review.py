"""Hand a course to its reviewers, take it back, and act on what they decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms import manifests, policies, selectors
from cms.errors import CourseNotReady
from cms.models import Course
from cms.services.audience import admit_reviewers
from cms.services.locking import locked, move, note, was_done
from core.actor import SYSTEM, Actor
from core.errors import Forbidden
from core.notify import notify
from core.states import WrongState
from peer_review.api import are_asked_among, cancel_round, get_round, open_round, require_seen

SUBJECT = "course"


def submit_course(*, actor: Actor, course_id: UUID, now: datetime, reviewer_ids: Sequence[UUID] = ()) -> UUID:
    """Freeze the manifest and open a round on it. Two peers are drawn among `reviewer_ids`, or chosen. Returns its id.
    A second click meets its own round.

    Raises CourseNotReady (fields: place -> what is missing), Forbidden, WrongState, and peer_review's
    TooFewReviewers and ConflictOfInterest.
    """
    with transaction.atomic():
        course = locked(actor, course_id)
        if not policies.writes(actor, course):
            raise Forbidden
        if course.round_id and was_done(course, "submit", actor) and are_asked_among(course.round_id, reviewer_ids):
            return course.round_id
        _require_submittable(actor, course)
        manifest, missing = manifests.freeze(course, now)
        if missing:
            fields: dict[str, list] = {}
            for fault in missing:
                fields.setdefault(fault.place, []).append(fault.sentence)
            raise CourseNotReady(fields=fields)
        digest = manifests.digest_of(manifest)
        round_id = open_round(
            actor=actor,
            subject_kind=SUBJECT,
            subject_id=course.pk,
            title=course.title,
            manifest=manifest,
            manifest_hash=digest,
            author_ids=sorted(selectors.writers_of(course)),
            contributor_ids=sorted(manifests.contributors(manifest)),
            reviewer_ids=reviewer_ids,
            now=now,
            organisation_path=course.organisation.path,
        )
        admit_reviewers(round_id=round_id, now=now)
        frozen = {"manifest": manifest, "manifest_hash": digest, "learning_minutes": manifest["learning_minutes"]}
        move(course, "submit", actor, now, round_id=round_id, **frozen)
        note("course.submitted", actor, course, now, hash=digest, round=str(round_id))
    return round_id


def _require_submittable(actor: Actor, course: Course) -> None:
    if not policies.may_submit(actor, course):
        from cms.states import COURSE

        raise WrongState(state=COURSE.states[course.state].label)


def withdraw_submission(*, actor: Actor, course_id: UUID, now: datetime, seen: str | None = None) -> None:
    """Take the submission back to go on editing; an open round is called off. Twice is no error.

    `seen` is the mark of the round's standing that the actor was shown, None does not ask. Raises Forbidden,
    WrongState, and peer_review's ReviewWentOn.
    """
    with transaction.atomic():
        course = locked(actor, course_id)
        if not policies.writes(actor, course):
            raise Forbidden
        if was_done(course, "withdraw", actor):
            return
        was_in_review, round_id = course.state == "in_review", course.round_id
        move(course, "withdraw", actor, now)
        if round_id and seen is not None:
            require_seen(round_id, seen)
        if was_in_review and round_id:
            if get_round(round_id).state == "open":  # else it was decided a moment ago, which is not applied any more
                cancel_round(actor=actor, round_id=round_id, now=now)
            admit_reviewers(round_id=round_id, now=now)
        note("course.withdrawn", actor, course, now)


def apply_decision(*, round_id: UUID, now: datetime) -> None:
    """Read the round again and take the course along: approved, or back to its authors.

    Does nothing when the course has moved on: another round, another manifest, the submission taken back.
    """
    facts = get_round(round_id)
    if facts.subject_kind != SUBJECT or not facts.outcome:
        return
    with transaction.atomic():
        course = Course.unscoped.select_for_update(of=("self",)).select_related("organisation").get(pk=facts.subject_id)
        if course.state != "in_review" or course.round_id != round_id or course.manifest_hash != facts.manifest_hash:
            return
        admit_reviewers(round_id=round_id, now=now)
        is_approved = facts.outcome == "approved"
        move(course, "approve" if is_approved else "request_changes", SYSTEM, now)
        note(f"course.{course.state}", SYSTEM, course, now, round=str(round_id))
        notify(
            person_ids=selectors.author_ids(course),
            kind=f"cms.{course.state}",
            params={"title": course.title},
            url=f"/courses/desk/{course.pk}/",
            now=now,
            key=f"course-round-{round_id}",
        )


def note_reviewers(*, round_id: UUID, now: datetime) -> None:
    """Somebody stepped back from a round on a course, or took a place: read who reviews it now."""
    if get_round(round_id).subject_kind == SUBJECT:
        with transaction.atomic():
            admit_reviewers(round_id=round_id, now=now)
