"""Open units, mark them as done, keep a video's position and the place in a unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms import api as cms
from cms.contracts import Edition, EditionUnit
from core import audit
from core.actor import Actor
from core.errors import Invalid
from lms import grading
from lms.errors import UnitNotFound
from lms.models import Completion, Enrolment, Position, Progress
from lms.services.completing import complete_if_passed
from lms.services.enrolling import locked
from lms.states import ENROLMENT

LONGEST_VIDEO = 24 * 3600.0


def unit_of(edition: Edition, number: int) -> EditionUnit:
    """The unit by its place, counted from 1. Raises UnitNotFound."""
    if not 1 <= number <= len(edition.units):
        raise UnitNotFound
    return edition.units[number - 1]


def open_unit(*, actor: Actor, enrolment: Enrolment, unit: EditionUnit, now: datetime) -> None:
    """Remember that this unit was open last. Writes only when that is new: reading on costs no write."""
    if enrolment.state != "enrolled" and enrolment.progress.last_unit == unit.key:
        return
    with transaction.atomic():
        row = locked(actor, enrolment.pk)
        start(row)
        row.progress.last_unit = unit.key
        row.progress.updated_at = now
        row.progress.save(update_fields=["last_unit", "updated_at"])
    enrolment.state, enrolment.progress = row.state, row.progress


def start(enrolment: Enrolment) -> None:
    """From "not started" to "learning", with the enrolment locked."""
    if enrolment.state == ENROLMENT.initial:
        enrolment.state = ENROLMENT.check(enrolment.state, "start")
        enrolment.save(update_fields=["state"])


def mark_done(
    enrolment: Enrolment, edition: Edition, keys: Iterable[str], voids: Collection[str], now: datetime
) -> None:
    """Add nodes to what is done, with the enrolment locked."""
    progress = enrolment.progress
    progress.done = sorted({*progress.done, *keys})
    progress.percent = grading.percent_done(edition, progress.done, voids)
    progress.updated_at = now
    progress.save(update_fields=["done", "percent", "updated_at"])


@transaction.atomic
def complete_unit(*, actor: Actor, enrolment_id: UUID, unit_number: int, now: datetime) -> Completion | None:
    """Mark what is to be read and watched in a unit as done; its questions are done by answering them.

    Returns the completion when that passed the course. Doing it twice changes nothing. Raises EnrolmentNotFound,
    UnitNotFound, WrongState for an enrolment that is not open.
    """
    row = locked(actor, enrolment_id)
    edition = cms.get_edition(row.edition_id)
    unit = unit_of(edition, unit_number)
    if row.state == "passed":
        return row.completion
    start(row)
    ENROLMENT.check(row.state, "pass")
    voids = cms.get_overlay(row.edition_id).voids
    keys = [node.key for node in grading.standing(unit, voids) if not node.is_scored]
    if set(keys) - set(row.progress.done):
        mark_done(row, edition, keys, voids, now)
        audit.record(
            action="unit.done",
            actor=actor,
            subject_type="enrolment",
            subject_id=row.pk,
            organisation_path=row.organisation.path if row.organisation else "",
            details={"unit": unit.key},
            now=now,
        )
    return complete_if_passed(actor=actor, enrolment=row, edition=edition, voids=voids, now=now)


@transaction.atomic
def keep_position(*, actor: Actor, enrolment_id: UUID, node_key: str, seconds: float, now: datetime) -> None:
    """Where a video was left. Raises EnrolmentNotFound, Invalid for an unknown node or an impossible time."""
    row = locked(actor, enrolment_id)
    if cms.get_edition(row.edition_id).node(node_key) is None or not 0 <= seconds <= LONGEST_VIDEO:
        raise Invalid
    _look_at(row.progress, node_key, now)
    Position.objects.update_or_create(
        enrolment=row, node_key=node_key, defaults={"seconds": seconds, "updated_at": now}
    )


@transaction.atomic
def keep_place(*, actor: Actor, enrolment_id: UUID, node_key: str, now: datetime) -> None:
    """That this part of a unit was looked at, the latest of all. Raises EnrolmentNotFound, Invalid for no such part."""
    row = locked(actor, enrolment_id)
    if cms.get_edition(row.edition_id).node(node_key) is None:
        raise Invalid
    _look_at(row.progress, node_key, now)


def _look_at(progress: Progress, node_key: str, now: datetime) -> None:
    """With the enrolment locked; writes only when another part was the last."""
    seen = progress.seen or []
    if seen[-1:] == [node_key]:
        return
    progress.seen = [*(key for key in seen if key != node_key), node_key]
    progress.updated_at = now
    progress.save(update_fields=["seen", "updated_at"])
