"""One small picture for each of many studies, for lists: the middle frame of the first series that has pictures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, Sum
from django.urls import reverse

from core.actor import Actor
from media_pipeline.contracts import Cover
from media_pipeline.models import IdentifiedSeries, IdentifiedStudy

SIDE = 96  # pixels; drawn at half of that, sharp on fine screens


def covers(*, actor: Actor, study_ids: Iterable[UUID], now: datetime) -> dict[UUID, Cover]:
    """Study id -> its cover; a study that the actor may not see now, or without pictures, is absent. One query.

    The address is the frame's own door, which checks and audits by itself when the picture is fetched.
    """
    visible = IdentifiedStudy.objects.visible_to(actor, now).filter(pk__in=list(study_ids)).values("pk")
    rows = IdentifiedSeries.objects.filter(study__in=visible).annotate(
        pictures=Sum("instances__frames", filter=Q(instances__frames__gt=0))
    )
    found: dict[UUID, list[int]] = {}
    for row in rows.filter(pictures__gt=0).order_by("study", "number", "id").values_list("study", "pictures"):
        found.setdefault(row[0], []).append(row[1])
    return {study_id: _cover(study_id, pictures) for study_id, pictures in found.items()}


def _cover(study_id: UUID, pictures: list[int]) -> Cover:
    middle = (pictures[0] + 1) // 2
    address = reverse("media_pipeline:frame", args=[study_id, 1, middle])
    return Cover(url=f"{address}?side={SIDE}", pictures=sum(pictures))
