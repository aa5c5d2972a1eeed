"""Work by the clock."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone


@shared_task(name="peer_review.release_lapsed")
def release_lapsed() -> None:
    """A role ends by its date, without anybody's doing: whoever lost it makes room for another reviewer."""
    from peer_review.services.staffing import release_lapsed as release

    release(now=timezone.now())
