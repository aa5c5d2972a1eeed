"""Look at enrolments again after nodes of their edition were voided. Scores go upward only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from cms import api as cms
from core.actor import SYSTEM
from lms import grading, selectors
from lms.models import Attempt, Enrolment
from lms.services.completing import complete_if_passed

OPEN = ("enrolled", "in_progress", "passed")


def enrolments_of(edition_id: UUID) -> list[UUID]:
    rows = Enrolment.unscoped.filter(edition_id=edition_id, state__in=OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def regrade(*, enrolment_id: UUID, now: datetime) -> None:
    """Recompute progress and, where the rest is enough now, record the completion. Idempotent."""
    row = Enrolment.unscoped.select_for_update().filter(pk=enrolment_id).first()
    if row is None or row.state not in OPEN:
        return
    edition = cms.get_edition(row.edition_id)
    voids = cms.get_overlay(row.edition_id).voids
    progress = row.progress
    percent = grading.percent_done(edition, progress.done, voids)
    if percent > progress.percent:
        progress.percent = percent
        progress.save(update_fields=["percent"])
    attempts = selectors.submitted_attempts(row.pk)
    for attempt in attempts:
        _lift(attempt, voids)
    if progress.done or attempts:
        complete_if_passed(actor=SYSTEM, enrolment=row, edition=edition, voids=voids, now=now)


def _lift(attempt: Attempt, voids: Collection[str]) -> None:
    """Where the share of what still stands is higher than what the attempt has, it has that from now on, for ever."""
    standing = [response for response in attempt.responses.all() if response.node_key not in voids]
    points = sum((response.points for response in standing), Decimal(0))
    max_points = sum((response.max_points for response in standing), Decimal(0))
    if points * attempt.max_points > attempt.points * max_points:
        attempt.points, attempt.max_points = points, max_points
        attempt.save(update_fields=["points", "max_points"])
