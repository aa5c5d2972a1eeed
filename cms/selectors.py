"""Reads of courses for the desk and of editions for everybody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When
from wagtail.models import Page

from cms.contracts import CourseCard
from cms.errors import CourseNotFound
from cms.models import Course, CoursePage, EditionPicture, UnitPage
from core.actor import Actor
from core.content import FrozenNode
from directory.api import get_people, people_with_permission
from directory.contracts import PersonCard

#: Views of the desk and the states they show, in the order in which they are offered.
DESK_VIEWS: dict[str, tuple[str, ...]] = {
    "all": (),
    "changes": ("changes_requested",),
    "approved": ("approved",),
    "draft": ("draft",),
    "review": ("in_review",),
    "published": ("published",),
    "retired": ("retired",),
}
MOST_PUBLISHERS = 3  # that a page names
_BY_TURN = ("approved", "changes_requested", "draft", "in_review", "published", "retired")


@dataclass(frozen=True, slots=True)
class DeskFilters:
    """What is set above the desk's list; "" sets nothing. `text` looks into titles and codes."""

    text: str = ""
    subject: str = ""
    language: str = ""
    organisation: str = ""


def desk_courses(actor: Actor) -> QuerySet[Course]:
    """Courses this person writes or whose desk they lead, in no order."""
    return Course.objects.visible_to(actor)


def desk_list(actor: Actor, filters: DeskFilters, view: str = "all") -> QuerySet[Course]:
    """The desk's courses in one view: what somebody must act on first, then the last changed."""
    turn = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(_BY_TURN)))
    rows = _filtered_desk(actor, filters)
    if states := DESK_VIEWS[view]:
        rows = rows.filter(state__in=states)
    return rows.annotate(turn=turn).order_by("turn", "-changed_at")


def desk_counts(actor: Actor, filters: DeskFilters) -> dict[str, int]:
    """How many courses each view holds, in one query."""
    rows = _filtered_desk(actor, filters).order_by().values_list("state").annotate(number=Count("pk"))
    by_state = dict(rows.values_list("state", "number"))
    return {
        view: sum(by_state.get(state, 0) for state in states or by_state.keys()) for view, states in DESK_VIEWS.items()
    }


def _filtered_desk(actor: Actor, filters: DeskFilters) -> QuerySet[Course]:
    rows = desk_courses(actor)
    if filters.subject:
        rows = rows.filter(subject=filters.subject)
    if filters.language:
        rows = rows.filter(language=filters.language)
    if filters.organisation:
        rows = rows.filter(organisation__code=filters.organisation)
    for word in filters.text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(code__icontains=word))
    return rows


def desk_organisations(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the organisations whose courses stand on this desk."""
    rows = desk_courses(actor).order_by("organisation__code")
    return list(rows.values_list("organisation__code", "organisation__name").distinct())


def desk_course(actor: Actor, course_id: UUID) -> Course:
    """Raises CourseNotFound for a missing and a foreign one alike."""
    course = Course.objects.visible_to(actor).filter(pk=course_id).first()
    if course is None:
        raise CourseNotFound
    return course


def page_of(course: Course) -> CoursePage:
    return CoursePage.objects.get(course=course)


def units_of(course: Course) -> list[UnitPage]:
    """The drafts in order, each as its latest revision."""
    page = page_of(course)
    rows = UnitPage.objects.child_of(page).select_related("latest_revision").order_by("path")
    return [row.get_latest_revision_as_object() for row in rows]


def unit_of(course: Course, unit_id: int) -> UnitPage:
    """The latest draft of one unit. Raises CourseNotFound when it belongs to another course."""
    row = UnitPage.objects.child_of(page_of(course)).filter(pk=unit_id).first()
    if row is None:
        raise CourseNotFound
    return row.get_latest_revision_as_object()


def course_of_unit(unit: Page) -> Course:
    """The course below whose page the unit stands. Raises CoursePage.DoesNotExist."""
    return CoursePage.objects.parent_of(unit).select_related("course").get().course


def raw_blocks(unit: UnitPage) -> list[dict[str, Any]]:
    """The stored blocks: type, value, id. Copies, so that a caller may change them."""
    return [dict(block) for block in unit.body.raw_data]


def with_withdrawn_content(actor: Actor) -> QuerySet[Course]:
    """Courses of this desk whose edition in use has lost something."""
    rows = Course.objects.visible_to(actor).filter(current_edition__isnull=False).exclude(state="retired")
    return rows.exclude(current_edition__overlay__voids={})


def withdrawn_units(course: Course) -> list[str]:
    """Titles of the draft's units that still hold a block whose content was withdrawn from the edition in use."""
    edition = course.current_edition
    if edition is None or not edition.overlay.voids or course.state == "retired":
        return []
    voids = edition.overlay.voids
    return [unit.title for unit in units_of(course) if any(block["id"] in voids for block in raw_blocks(unit))]


def author_ids(course: Course) -> tuple[UUID, ...]:
    return tuple(course.author_rows.values_list("person_id", flat=True))


def publishers_of(course: Course, now: datetime) -> list[PersonCard]:
    """Who may publish it, those of its own organisation first; three are enough to know whom to ask."""
    ids = people_with_permission("course.publish", now, covering=course.organisation.path)
    people = get_people(ids).values()
    return sorted(people, key=lambda p: (p.organisation_id != course.organisation_id, p.name))[:MOST_PUBLISHERS]


def possible_authors(course: Course, now: datetime) -> list[UUID]:
    """Active people who may write courses of this one's organisation, in stable order."""
    return people_with_permission("course.author", now, covering=course.organisation.path)


def writers_of(course: Course) -> set[UUID]:
    """Its authors, those whom any edition names, and everybody who saved a page of it: none of them may review it."""
    manifests = course.editions.values_list("manifest__authors", flat=True)
    return {*author_ids(course), *(UUID(author) for authors in manifests for author in authors), *revisers_of(course)}


def revisers_of(course: Course) -> set[UUID]:
    """Everybody who saved a revision of any of its pages."""
    from wagtail.models import Revision

    page = page_of(course)
    ids = [str(page.pk), *map(str, UnitPage.objects.child_of(page).values_list("pk", flat=True))]
    return set(
        Revision.page_revisions.filter(object_id__in=ids, user__isnull=False)
        .values_list("user_id", flat=True)
        .distinct()
    )


def published() -> QuerySet[Course]:
    """Courses with a current edition that are not retired, newest first. Without the manifests: they are big."""
    rows = Course.unscoped.filter(current_edition__isnull=False).exclude(state="retired")
    rows = rows.defer("manifest", "current_edition__manifest")
    return rows.select_related("current_edition__overlay", "organisation").order_by("-current_edition__published_at")


def card(course: Course) -> CourseCard:
    """The card of a published course. `course` comes from `published()`."""
    edition = course.current_edition
    assert edition is not None  # noqa: S101 (narrowing: `published()` holds no other)
    return CourseCard(
        course_id=course.pk,
        edition_id=edition.pk,
        code=course.code,
        number=edition.number,
        title=edition.title,
        summary=edition.summary,
        language=edition.language,
        subject=edition.subject,
        level=edition.level,
        learning_minutes=edition.learning_minutes,
        organisation_id=course.organisation_id,
        organisation_name=course.organisation.name,
        organisation_name_en=course.organisation.display_name("en"),
        published_at=edition.published_at,
        credits=edition.overlay.facts.get("credits", {}),
        cover=edition.cover,
        url=f"/courses/{course.organisation.code.lower()}/{course.code.lower()}/",
    )


def cards(courses: Iterable[Course]) -> list[CourseCard]:
    return [card(course) for course in courses]


def list_published() -> list[CourseCard]:
    """Every published course, newest first."""
    return cards(published())


def current_edition_id(course_id: UUID) -> UUID | None:
    """Also of a retired course; None without any edition."""
    return Course.unscoped.filter(pk=course_id).values_list("current_edition_id", flat=True).first()


def current_manifest(course_id: UUID) -> dict[str, Any] | None:
    """The manifest of the edition in use, for comparison."""
    row = Course.unscoped.select_related("current_edition").filter(pk=course_id).first()
    return row.current_edition.manifest if row and row.current_edition else None


def current_nodes(course_id: UUID) -> tuple[FrozenNode, ...]:
    """What stands in the edition in use and was not withdrawn; nothing for a course that is not in the catalogue."""
    course = published().filter(pk=course_id).first()
    if course is None or course.current_edition is None:
        return ()
    voids = course.current_edition.overlay.voids
    nodes = (FrozenNode.from_json(node) for unit in course.current_edition.manifest["units"] for node in unit["nodes"])
    return tuple(node for node in nodes if node.key not in voids)


def picture_standing(name: str) -> str:
    """ "published" where an edition of a course in the catalogue shows this kept picture, "retired" where only editions
    of retired courses do, "" where none does: it belongs to drafts."""
    states = EditionPicture.objects.filter(name=name).values_list("edition__course__state", flat=True).distinct()
    found = set(states)
    return "published" if found - {"retired"} else "retired" if found else ""


def is_open_for_enrolment(course_id: UUID) -> bool:
    """Published and not retired."""
    return published().filter(pk=course_id).exists()
