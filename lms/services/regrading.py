"""Look at enrolments again after nodes of their edition were voided. Scores go upward only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms import api as cms
from core.actor import SYSTEM
from lms import grading, selectors
from lms.models import Enrolment
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
    if progress.done or selectors.submitted_attempts(row.pk):
        complete_if_passed(actor=SYSTEM, enrolment=row, edition=edition, voids=voids, now=now)
