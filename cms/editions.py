"""Editions as values: read once, kept in memory, never out of date because they never change."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from cms.contracts import Edition, EditionUnit, Overlay
from cms.errors import CourseNotFound, EditionNotFound
from cms.models import CourseEdition, EditionOverlay
from cms.selectors import current_edition_id
from core.content import FrozenNode

KEPT = 256  # editions of about 30 KB each


@lru_cache(maxsize=KEPT)
def get_edition(edition_id: UUID) -> Edition:
    """The edition, from memory when this process has read it before. Raises EditionNotFound."""
    row = CourseEdition.objects.select_related("course__organisation").filter(pk=edition_id).first()
    if row is None:
        raise EditionNotFound
    manifest = row.manifest
    return Edition(
        id=row.pk,
        course_id=row.course_id,
        code=row.course.code,
        number=row.number,
        title=row.title,
        summary=row.summary,
        objectives=tuple(manifest["objectives"]),
        language=row.language,
        subject=row.subject,
        level=row.level,
        learning_minutes=row.learning_minutes,
        pass_percent=row.pass_percent,
        attempts_allowed=row.attempts_allowed,
        organisation_id=row.course.organisation_id,
        organisation_name=row.course.organisation.name,
        organisation_name_en=row.course.organisation.display_name("en"),
        author_ids=tuple(UUID(a) for a in manifest["authors"]),
        disclosure=manifest.get("disclosure", ""),
        content_hash=row.content_hash,
        round_id=row.round_id,
        published_at=row.published_at,
        cover=row.cover,
        units=tuple(
            EditionUnit(
                key=unit["key"],
                title=unit["title"],
                minutes=unit["minutes"],
                nodes=tuple(FrozenNode.from_json(node) for node in unit["nodes"]),
            )
            for unit in manifest["units"]
        ),
    )


def latest_edition(course_id: UUID) -> Edition:
    """The current edition of a course, also of a retired one. Raises CourseNotFound without any."""
    edition_id = current_edition_id(course_id)
    if edition_id is None:
        raise CourseNotFound
    return get_edition(edition_id)


def get_overlay(edition_id: UUID) -> Overlay:
    """What stands beside the edition now; one query. Raises EditionNotFound."""
    found = get_overlays([edition_id])
    if edition_id not in found:
        raise EditionNotFound
    return found[edition_id]


def get_overlays(edition_ids: Iterable[UUID]) -> dict[UUID, Overlay]:
    """By edition, for a list of courses; one query."""
    rows = EditionOverlay.objects.filter(pk__in=set(edition_ids))
    return {row.pk: Overlay(row.pk, row.voids, row.errata, row.facts, row.epoch) for row in rows}
