"""What the public pages show. Nothing here depends on who is reading: one stored copy serves every visitor."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from cms import editions, selectors
from cms.contracts import CourseCard, EditionUnit
from cms.models import Course, CoursePage, LibraryIndexPage, LibraryPage
from cms.richtext import clean
from cms.states import CourseLevel, Language, Subject
from core.content import block_of
from directory.api import get_people
from directory.contracts import PersonCard
from peer_review.api import named_reviewers

SUBJECT_ICONS = {
    Subject.CARDIOVASCULAR: "heart-pulse",
    Subject.RESPIRATORY: "wind",
    Subject.ENDOCRINE: "droplet",
    Subject.NEUROLOGY: "brain",
    Subject.PAEDIATRICS: "baby",
    Subject.INFECTION: "shield-check",
    Subject.IMAGING: "scan",
    Subject.EMERGENCY: "siren",
    Subject.NURSING: "hand-heart",
    Subject.GENERAL: "stethoscope",
}


def card_row(card: CourseCard) -> dict[str, Any]:
    """A card with its words: labels in the interface language. How many hours it counts for, only its scheme says."""
    return {
        "card": card,
        "organisation": card.organisation_name_en if is_english() else card.organisation_name,
        "subject": Subject(card.subject).label,
        "level": CourseLevel(card.level).label,
        "language": Language(card.language).label,
        "icon": card.cover.get("drawn") or SUBJECT_ICONS[Subject(card.subject)],
        "html_language": "zh-Hans" if card.language.startswith("zh") else card.language,
    }


def is_english() -> bool:
    return get_language() == "en"


def person_row(person: PersonCard) -> dict[str, str]:
    """A person in the interface language; the title is a Chinese professional title and stays so."""
    if is_english():
        return {
            "name": person.name_en or person.name,
            "title": person.title,
            "organisation": person.organisation_name_en,
        }
    return {"name": person.name, "title": person.title, "organisation": person.organisation_name}


def home_context() -> dict[str, Any]:
    """The newest courses, and how much there is in all (hours of learning time, of sixty minutes)."""
    published = selectors.published()
    totals = published.aggregate(minutes=Sum("current_edition__learning_minutes"))
    return {
        "newest": [card_row(card) for card in selectors.cards(published[:6])],
        "course_count": published.count(),
        "hour_count": round((totals["minutes"] or 0) / 60),
        "organisation_count": published.order_by().values("organisation").distinct().count(),
        "subjects": _subjects(published),
    }


def _subjects(published: QuerySet[Course]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for subject in published.order_by().values_list("current_edition__subject", flat=True):
        counts[subject] = counts.get(subject, 0) + 1
    return [{"value": s.value, "label": s.label, "count": counts[s.value]} for s in Subject if s.value in counts]


def course_context(page: CoursePage) -> dict[str, Any] | None:
    """The landing page of the current edition; None while nothing is published, and after retirement."""
    course = selectors.published().filter(pk=page.course_id).first()
    if course is None or course.current_edition is None:
        return None
    card = selectors.card(course)
    edition = editions.get_edition(card.edition_id)
    manifest = course.current_edition.manifest
    people = get_people(edition.author_ids)
    named, reviewed = named_reviewers(edition.round_id)
    reviewers = get_people(named)
    return {
        "row": card_row(card),
        "edition": edition,
        "introduction": clean(manifest["introduction"]),
        "authors": [person_row(people[a]) for a in edition.author_ids if a in people],
        "reviewers": [person_row(person) for person in reviewers.values()],
        "reviewer_count": reviewed,
        "unnamed_count": reviewed - len(reviewers),
        "unit_count": len(edition.units),
        "minutes": sum(unit.minutes for unit in edition.units),
        "question_count": len(edition.scored_nodes),
        "units": [
            {
                "unit": unit,
                "questions": sum(node.is_scored for node in unit.nodes),
                "parts": _parts(unit),
                "number": number,
            }
            for number, unit in enumerate(edition.units, start=1)
        ],
        "enrol_url": _enrol_url(course),
        "cover_url": reverse("cms:cover", args=[course.pk]),
        "following": [card_row(other) for other in selectors.cards(_following(course, edition.subject))],
    }


def _parts(unit: EditionUnit) -> list[tuple[str, int]]:
    """What a unit is made of besides its questions: (kind of block in words, how many), in the order of appearance."""
    kinds = Counter(node.kind for node in unit.nodes if not node.is_scored)
    return [(str(block_of(kind).label), number) for kind, number in kinds.items()]


def _following(course: Course, subject: str) -> QuerySet[Course]:
    """What somebody who liked this course may take next: the newest of its subject area."""
    return selectors.published().filter(current_edition__subject=subject).exclude(pk=course.pk)[:2]


def _enrol_url(course: Course) -> str:
    """The fragment that says where this reader stands; lms owns it. Empty where lms offers none."""
    try:
        return reverse("lms:enrol_fragment", args=[course.pk])
    except NoReverseMatch:
        return ""


def library_entry_context(page: LibraryPage) -> dict[str, Any]:
    """The published course whose code stands in the entry's source, as authors write it there."""
    words = {word.strip(".,;，。；（）()").upper() for word in page.source.split()}
    course = selectors.published().filter(code__in=words).first() if words else None
    return {"course": card_row(selectors.card(course)) if course else None}


def library_context(page: LibraryIndexPage) -> dict[str, Any]:
    entries = LibraryPage.objects.child_of(page).live().order_by("title")
    return {"entries": entries}
