"""Enrol in a course, leave it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms import api as cms
from cms.contracts import Edition
from core import audit
from core.actor import Actor, person_token
from core.content import releases_of
from core.errors import Forbidden
from core.ids import uuid7
from directory import api as directory
from lms import selectors
from lms.errors import EditionSuperseded, EnrolmentNotFound, NotOpenForEnrolment
from lms.models import LIVE, Enrolment, Progress
from lms.states import ENROLMENT
from media_pipeline import api as media


@transaction.atomic
def enrol(*, actor: Actor, edition_id: UUID, now: datetime, enrolment_id: UUID | None = None) -> UUID:
    """Enrol the actor in an edition; returns the enrolment's id. Enrolling again returns the same one.

    `enrolment_id` is the form's key. Somebody who left comes back to what was done. Raises Forbidden when nobody is
    signed in, NotOpenForEnrolment, EditionSuperseded (also for coming back), cms.errors.EditionNotFound.
    """
    if actor.person_id is None:
        raise Forbidden
    edition = cms.get_edition(edition_id)
    held = Enrolment.unscoped.select_for_update().filter(person=actor.person_id, edition_id=edition_id, state__in=LIVE)
    row = held.first()
    if row is not None and row.state != "withdrawn":
        return row.pk
    if not cms.is_open_for_enrolment(edition.course_id):
        raise NotOpenForEnrolment
    if cms.current_edition_id(edition.course_id) != edition_id:
        raise EditionSuperseded
    if row is not None:
        row.state = ENROLMENT.check(row.state, "return")
        row.finished_at = None
        row.save(update_fields=["state", "finished_at"])
        verb = "enrolment.returned"
    else:
        row = _insert(actor.person_id, edition.course_id, edition_id, enrolment_id or uuid7(), now)
        verb = "enrolment.made"
    _admit(row, edition, now)
    _record(verb, actor, row, now)
    return row.pk


def _insert(person_id: UUID, course_id: UUID, edition_id: UUID, enrolment_id: UUID, now: datetime) -> Enrolment:
    card = directory.get_person(person_id)
    row = Enrolment.unscoped.create(
        id=enrolment_id,
        person_id=person_id,
        organisation_id=card.organisation_id if card else None,
        course_id=course_id,
        edition_id=edition_id,
        enrolled_at=now,
    )
    Progress.objects.create(enrolment=row, updated_at=now)
    return row


def _admit(row: Enrolment, edition: Edition, now: datetime) -> None:
    """The learner sees the images that the edition shows, also where their case is not published (any more)."""
    media.admit(release_ids=_releases(edition), holders=[person_token(row.person_id)], purpose=_purpose(row), now=now)


def _releases(edition: Edition) -> set[UUID]:
    return releases_of(node for unit in edition.units for node in unit.nodes)


def _purpose(row: Enrolment) -> str:
    return f"learning:{row.pk}"


@transaction.atomic
def withdraw(*, actor: Actor, enrolment_id: UUID, now: datetime) -> None:
    """Leave a course; what was done is kept for a return. A second click changes nothing. Raises EnrolmentNotFound,
    WrongState once it is passed.
    """
    row = Enrolment.objects.visible_to(actor).select_for_update().filter(pk=enrolment_id).first()
    if row is None:
        raise EnrolmentNotFound
    if row.state == "withdrawn":
        return
    row.state = ENROLMENT.check(row.state, "withdraw")
    row.finished_at = now
    row.save(update_fields=["state", "finished_at"])
    media.dismiss(release_ids=_releases(cms.get_edition(row.edition_id)), purpose=_purpose(row))
    _record("enrolment.left", actor, row, now)


def _record(action: str, actor: Actor, row: Enrolment, now: datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        subject_type="enrolment",
        subject_id=row.pk,
        organisation_path=row.organisation.path if row.organisation else "",
        details={"edition": str(row.edition_id)},
        now=now,
    )


def locked(actor: Actor, enrolment_id: UUID) -> Enrolment:
    """The actor's enrolment with its rows locked, for the services beside. Raises EnrolmentNotFound."""
    row = Enrolment.objects.visible_to(actor).select_for_update().filter(pk=enrolment_id).first()
    if row is None:
        raise EnrolmentNotFound
    return selectors.enrolment_for(actor, enrolment_id)
