"""Work outside the request: PDFs of what is signed, images kept with a request, the watch over the clocks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from consult_bridge.services.batches import FIRST
from core.actor import SYSTEM
from core.errors import Forbidden, NotFound
from core.jobs import Permanent, job
from core.jobs.running import JobContext
from directory import api as directory

IMAGE_ATTEMPTS = 8

logger = logging.getLogger(__name__)


@job("consult_bridge.make_opinion_document", queue="default", max_attempts=5, lease_seconds=120)
def make_opinion_document(context: JobContext, *, opinion_id: str) -> dict[str, Any]:
    """Render the signed opinion as PDF and keep it. Repeating it changes nothing."""
    from consult_bridge.services.documents import keep_opinion_document

    return {"sha256": keep_opinion_document(opinion_id=UUID(opinion_id), now=context.now())}


@job("consult_bridge.make_report_document", queue="default", max_attempts=5, lease_seconds=120)
def make_report_document(context: JobContext, *, report_id: str) -> dict[str, Any]:
    """Render a signed version of an imaging report as PDF and keep it. Repeating it changes nothing."""
    from consult_bridge.services.report_documents import keep_report_document

    return {"sha256": keep_report_document(report_id=UUID(report_id), now=context.now())}


@job("consult_bridge.send_kept_images", queue="default", max_attempts=IMAGE_ATTEMPTS, lease_seconds=120)
def send_kept_images(context: JobContext, *, consult_id: str) -> dict[str, Any]:
    """Hand the image files that were kept with a request to the archive. Repeating it changes nothing.

    A right that was lost since does not come back by waiting: the job gives up at once, and people are told.
    """
    from consult_bridge.services import kept_images

    now, consult, person = context.now(), UUID(consult_id), context.actor_id
    actor = directory.actor_for_person(person, now, is_mfa_verified=True) if person else SYSTEM
    try:
        return {"files": kept_images.send_kept_images(actor=actor, consult_id=consult, now=now)}
    except (Forbidden, NotFound) as error:
        kept_images.tell_that_images_wait(consult_id=consult, job_id=context.job_id, person_id=person, now=now)
        raise Permanent(error.code, error.message) from error
    except Exception:
        if context.attempt >= IMAGE_ATTEMPTS:
            kept_images.tell_that_images_wait(consult_id=consult, job_id=context.job_id, person_id=person, now=now)
        raise


@shared_task(name="consult_bridge.watch_clocks")
def watch_clocks() -> None:
    """Every minute: mark what is past its time, end what waited too long. One bad row stops no other."""
    from consult_bridge.services import clocks, critical

    now = timezone.now()
    _each(critical.escalate, "critical_id", critical.overdue_ids, now)
    _each(clocks.mark_overdue, "consult_id", clocks.overdue_ids, now)
    _each(clocks.expire, "consult_id", clocks.expired_ids, now)


@shared_task(name="consult_bridge.sweep")
def sweep() -> None:
    """Every hour: tell of drafts that will be deleted, delete those of which that was told, and what they leave; tell
    of images that no job hands on any more."""
    from consult_bridge.services import expiring, kept_images

    now = timezone.now()
    _each(expiring.warn_of_end, "draft_id", expiring.lapsing_ids, now)
    _each(expiring.expire_draft, "draft_id", expiring.lapsed_ids, now)
    _each(expiring.remove_left_over, "draft_id", expiring.left_over_ids, now)
    _each(expiring.forget_text, "text_id", expiring.idle_text_ids, now)
    _each(kept_images.tell_if_given_up, "consult_id", kept_images.waiting_ids, now)
    expiring.forget_keys(now=now)


def _each(service: Callable[..., None], name: str, find: Callable[[datetime, UUID], list[UUID]], now: datetime) -> None:
    """Batch by batch behind the last key. Whatever one row raises (a store has errors of its own) stops no other."""
    after = FIRST
    while ids := find(now, after):
        for row_id in ids:
            try:
                service(**{name: row_id}, now=now)
            except Exception:
                logger.exception("%s of %s %s", service.__name__, name, row_id)
        after = ids[-1]
