"""The releases a reader's desk lists: by where they stand, with what they hold and who has looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import get_language

from core.actor import Actor
from media_pipeline.contracts import Cover
from media_pipeline.imaging.covers import teaching_covers
from media_pipeline.models import Candidate, IdentifiedStudy, PixelReview, TeachingRelease
from media_pipeline.release.desk import readable
from media_pipeline.release.record import Holding, holding_of, reason_of

#: Name of a view -> the states it lists.
VIEWS = {
    "waiting": ("preparing", "pixel_review"),
    "open": ("open",),
    "refused": ("refused",),
    "closed": ("closed",),
}


@dataclass(frozen=True, slots=True)
class ReleaseFilters:
    """`text` looks into label and organisation; `holds` is "pictures", "texts" or ""; `is_mine`: I confirmed it."""

    text: str = ""
    holds: str = ""
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One line. `decided_at` is None while it waits; `readers` are the names of those who confirmed the whole.

    `cover` is a frame of what was released, where this reader may see it now; never one that still waits.
    """

    release: TeachingRelease
    holding: Holding
    readers: list[str]
    is_mine_done: bool
    decided_at: datetime | None
    reason: str | Promise
    cover: Cover | None

    @property
    def place(self) -> str:
        return self.release.organisation.display_name(get_language() or "")


def listed(actor: Actor, filters: ReleaseFilters, view: str) -> QuerySet[TeachingRelease]:
    """What waits: oldest first; what is decided: the latest decision first."""
    rows = _filtered(actor, filters).filter(state__in=VIEWS[view])
    if view == "waiting":
        return rows.order_by("created_at", "id")
    return rows.order_by(Coalesce("closed_at", "opened_at", "created_at").desc(), "-id")


def view_counts(actor: Actor, filters: ReleaseFilters) -> dict[str, int]:
    """One query for all the views."""
    by_view = {name: Count("pk", filter=Q(state__in=states)) for name, states in VIEWS.items()}
    counts: dict[str, int] = _filtered(actor, filters).order_by().aggregate(**by_view)
    return counts


def rows_of(actor: Actor, releases: Sequence[TeachingRelease], now: datetime) -> list[ReleaseRow]:
    """The lines of one page; a fixed number of queries."""
    ids = [release.pk for release in releases]
    frames: dict[UUID, Any] = dict(
        Candidate.objects.filter(release__in=ids).order_by().values_list("release").annotate(Sum("frames"))
    )
    readings: dict[UUID, list[PixelReview]] = {}
    for review in PixelReview.objects.filter(release__in=ids).select_related("reader"):
        readings.setdefault(review.release_id, []).append(review)
    opened = [release.pk for release in releases if release.state == "open"]
    pictures = teaching_covers(actor=actor, release_ids=opened, now=now) if opened else {}
    return [
        _row(actor, one, readings.get(one.pk, []), frames.get(one.pk) or 0, pictures.get(one.pk)) for one in releases
    ]


def _row(
    actor: Actor, release: TeachingRelease, reviews: list[PixelReview], frames: int, cover: Cover | None
) -> ReleaseRow:
    confirmed = [review for review in reviews if review.confirmed_at is not None]
    return ReleaseRow(
        release=release,
        holding=holding_of(release, reviews, frames=frames),
        readers=[review.reader.name for review in confirmed],
        is_mine_done=any(review.reader_id == actor.person_id for review in confirmed),
        decided_at=release.closed_at or release.opened_at,
        reason=reason_of(release),
        cover=cover,
    )


def _filtered(actor: Actor, filters: ReleaseFilters) -> QuerySet[TeachingRelease]:
    rows: QuerySet[TeachingRelease] = readable(actor)
    if filters.text:
        of_place = Q(organisation__name__icontains=filters.text) | Q(organisation__name_en__icontains=filters.text)
        rows = rows.filter(Q(label__icontains=filters.text) | of_place)
    if filters.is_mine:
        mine = PixelReview.objects.filter(reader=actor.person_id, confirmed_at__isnull=False)
        rows = rows.filter(pk__in=mine.values("release"))
    if filters.holds:
        pictured = TeachingRelease.studies.through.objects.values("teachingrelease")
        rows = rows.filter(pk__in=pictured) if filters.holds == "pictures" else rows.exclude(pk__in=pictured)
    return rows.prefetch_related(Prefetch("studies", queryset=IdentifiedStudy.unscoped.only("modalities")))
