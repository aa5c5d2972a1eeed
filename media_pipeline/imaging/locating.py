"""From "series 2, frame 17" to an object and a frame in it. Both count from 1; frames run through a whole series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Sum

from media_pipeline.errors import StudyNotFound
from media_pipeline.models import IdentifiedInstance, IdentifiedStudy, TeachingInstance, TeachingStudy

Instance = TypeVar("Instance", IdentifiedInstance, TeachingInstance)


@dataclass(frozen=True, slots=True)
class Located(Generic[Instance]):
    """`frame` counts from 1 inside the object."""

    instance: Instance
    frame: int


def image_series(study: IdentifiedStudy | TeachingStudy) -> list[Any]:
    """The series that hold pictures, in order; each with `pictures`, their number."""
    return list(
        study.series.annotate(pictures=Sum("instances__frames")).filter(pictures__gt=0).order_by("number", "id")
    )


def locate(study: IdentifiedStudy | TeachingStudy, series_index: int, frame_index: int) -> Located[Any]:
    """Raises StudyNotFound when there is no such series or frame."""
    series = image_series(study)
    if not 1 <= series_index <= len(series) or frame_index < 1:
        raise StudyNotFound
    chosen = series[series_index - 1]
    before = 0
    for instance_id, frames in chosen.instances.filter(frames__gt=0).values_list("pk", "frames"):
        if frame_index <= before + frames:
            return Located(chosen.instances.get(pk=instance_id), frame_index - before)
        before += frames
    raise StudyNotFound
