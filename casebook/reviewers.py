"""Whom an editor can ask to review a case: the least busy first, found by name, hospital or specialty."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casebook.models import CaseVersion
from casebook.selectors import specialty_label
from casebook.services.publishing import SUBJECT
from peer_review import api as peer_review

SHOWN = 30


@dataclass(frozen=True, slots=True)
class OfferedReviewer:
    """`specialty` is in words, else the department; `places` are hospital and department in every language, to be
    searched; `open_reviews` is how many reports the person owes now."""

    person_id: UUID
    name: str
    title: str
    workplace: str
    department: str
    specialty: str
    places: str
    open_reviews: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """`people` are those chosen and those found, `more` the number that is found beyond them.

    `conflicted` are (name, why) of those who may not review it.
    """

    people: list[OfferedReviewer]
    more: int
    conflicted: list[tuple[str, str]]


def offer_reviewers(version: CaseVersion, *, query: str, chosen: Collection[UUID], now: datetime) -> Offer:
    """Who could review this version. Whoever is chosen stays in the list, whatever is looked for."""
    editors = list(version.case.editors.values_list("pk", flat=True))
    everybody = peer_review.candidates(subject_kind=SUBJECT, author_ids=editors, now=now)
    free = [_offered(person, chosen) for person in everybody if not person.conflicts]
    words = query.casefold().split()
    picked = [person for person in free if person.is_chosen]
    found = [person for person in free if not person.is_chosen and all(word in _spoken(person) for word in words)]
    return Offer(
        people=picked + found[:SHOWN] if words else [p for p in free if p.is_chosen or p in found[:SHOWN]],
        more=max(0, len(found) - SHOWN),
        conflicted=[(person.name, person.conflicts[0]) for person in everybody if person.conflicts],
    )


def _offered(person: peer_review.Candidate, chosen: Collection[UUID]) -> OfferedReviewer:
    return OfferedReviewer(
        person_id=person.person_id,
        name=person.name,
        title=person.title,
        workplace=person.organisation_name,
        department=person.department_name,
        specialty=specialty_label(person.specialty) or person.department_name,
        places=person.places,
        open_reviews=person.open_reviews,
        is_chosen=person.person_id in chosen,
    )


def _spoken(person: OfferedReviewer) -> str:
    return f"{person.name} {person.title} {person.places} {person.specialty}".casefold()
