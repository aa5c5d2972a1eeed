"""One small picture for each of many studies or releases, for lists: the middle frame of the first pictured series."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from core.actor import Actor
from media_pipeline.contracts import Cover, StudyLine
from media_pipeline.models import IdentifiedSeries, IdentifiedStudy, TeachingSeries, TeachingStudy
from media_pipeline.selectors import list_studies

SIDE, ROW_SIDE = 96, 160  # pixels: of a mark in a work list, of the picture beside a row


def covers(*, actor: Actor, study_ids: Iterable[UUID], now: datetime) -> dict[UUID, Cover]:
    """Study id -> its cover; a study that the actor may not see now, or without pictures, is absent. One query.

    The address is the frame's own door, which checks and audits by itself when the picture is fetched.
    """
    visible = IdentifiedStudy.objects.visible_to(actor, now).filter(pk__in=list(study_ids)).values("pk")
    found: dict[UUID, list[int]] = {}
    for study_id, pictures in _pictured(IdentifiedSeries.objects.filter(study__in=visible)).values_list(
        "study", "pictures"
    ):
        found.setdefault(study_id, []).append(pictures)
    return {study_id: _cover("media_pipeline:frame", study_id, pictures, SIDE) for study_id, pictures in found.items()}


def pictured_studies(*, actor: Actor, now: datetime, search: str = "") -> list[tuple[StudyLine, Cover | None]]:
    """The list of studies that the actor may see, each with its small picture where it has pictures."""
    lines = list_studies(actor=actor, now=now, search=search)
    found = covers(actor=actor, study_ids=[line.id for line in lines], now=now)
    return [(line, found.get(line.id)) for line in lines]


def teaching_covers(*, actor: Actor, release_ids: Iterable[UUID], now: datetime) -> dict[UUID, Cover]:
    """Release id -> the cover of its first study, for who belongs to the audience now. De-identified frames only.

    A release that is not open, or holds no pictures, is absent. One query.
    """
    visible = TeachingStudy.objects.visible_to(actor, now).filter(release__in=list(release_ids)).values("pk")
    rows = _pictured(TeachingSeries.objects.filter(study__in=visible)).order_by(
        "study__study_date", "study", "number", "id"
    )
    found: dict[UUID, dict[UUID, list[int]]] = {}
    for release_id, study_id, pictures in rows.values_list("study__release", "study", "pictures"):
        found.setdefault(release_id, {}).setdefault(study_id, []).append(pictures)
    return {
        release_id: _cover("media_pipeline:teaching_frame", *next(iter(studies.items())), ROW_SIDE)
        for release_id, studies in found.items()
    }


def _pictured(series: QuerySet[Any]) -> QuerySet[Any]:
    """The series that hold pictures, in a study's own order, with how many."""
    rows = series.annotate(pictures=Sum("instances__frames", filter=Q(instances__frames__gt=0)))
    return rows.filter(pictures__gt=0).order_by("study", "number", "id")


def _cover(door: str, study_id: UUID, pictures: list[int], side: int) -> Cover:
    middle = (pictures[0] + 1) // 2
    address = reverse(door, args=[study_id, 1, middle])
    return Cover(url=f"{address}?side={side}", pictures=sum(pictures))
