"""What the search box knows of courses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from cms import selectors
from cms.models import Course, CourseEdition
from core.search import PUBLIC, Entry, index, remove_entry

KIND = "course"


def entry_of(course: Course, edition: CourseEdition) -> Entry:
    """The published edition's words, for anybody. Nodes' texts hold nothing that could be withdrawn."""
    units = edition.manifest["units"]
    words = [edition.summary, *edition.manifest["objectives"], *(unit["title"] for unit in units)]
    words += [node["text"] for unit in units for node in unit["nodes"] if node["html"]]
    return Entry(
        kind=KIND,
        object_id=course.pk,
        title=edition.title,
        body="\n".join(words),
        url=f"/courses/{course.organisation.code.lower()}/{course.code.lower()}/",
        language=edition.language,
        audience=[PUBLIC],
    )


def enter(course: Course, edition: CourseEdition, now: datetime) -> None:
    index(entry_of(course, edition), now=now)


def published_ids() -> Iterator[UUID]:
    """The published courses. For `manage.py rebuild search`."""
    return selectors.published().values_list("pk", flat=True).iterator()


def entries(course_ids: Collection[str]) -> Iterator[Entry]:
    """Those of these courses that are published at this moment, with their present edition; their rows are locked."""
    ids = [UUID(each) for each in course_ids]
    list(Course.unscoped.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk", flat=True))
    for course in selectors.published().filter(pk__in=ids).defer(None):
        if course.current_edition is not None:
            yield entry_of(course, course.current_edition)


def remove(course: Course, now: datetime) -> None:
    remove_entry(kind=KIND, object_id=course.pk, now=now)
