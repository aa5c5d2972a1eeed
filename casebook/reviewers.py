"""Whom an editor can ask to review a case, found by name, hospital or specialty.

Those of the case's specialty stand first, then who reads images where it shows some, then the others; within each the
least busy.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casebook.drafting import studies_in
from casebook.models import CaseVersion
from casebook.selectors import specialty_label
from casebook.services.publishing import SUBJECT
from peer_review import api as peer_review

SHOWN = 30
IMAGING = ("radiology", "ultrasound")
GROUPS: tuple[str | Promise, ...] = (_("Of the case’s specialty"), _("Of imaging"), _("Others"))


@dataclass(frozen=True, slots=True)
class OfferedReviewer:
    """`specialty` is in words, else the department; `places` are hospital and department in every language, to be
    searched; `open_reviews` is how many reports the person owes now.

    `nearness` is a place in GROUPS; the first of a group in a list carries its name.
    """

    person_id: UUID
    name: str
    title: str
    workplace: str
    department: str
    specialty: str
    places: str
    open_reviews: int
    is_chosen: bool
    nearness: int
    group: str | Promise = ""


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
    offered = (_offered(person, chosen, version) for person in everybody if not person.conflicts)
    free = sorted(offered, key=lambda person: person.nearness)  # stays in order within each
    words = query.casefold().split()
    picked = [person for person in free if person.is_chosen]
    found = [person for person in free if not person.is_chosen and all(word in _spoken(person) for word in words)]
    people = picked + found[:SHOWN] if words else [p for p in free if p.is_chosen or p in found[:SHOWN]]
    return Offer(
        people=people if words else _grouped(people),
        more=max(0, len(found) - SHOWN),
        conflicted=[(person.name, person.conflicts[0]) for person in everybody if person.conflicts],
    )


def _grouped(people: list[OfferedReviewer]) -> list[OfferedReviewer]:
    """With the groups' names, where there is more than one."""
    firsts = {person.nearness: person for person in reversed(people)}
    if len(firsts) < 2:
        return people
    return [replace(p, group=GROUPS[p.nearness]) if firsts[p.nearness] is p else p for p in people]


def _nearness(specialty: str, version: CaseVersion) -> int:
    content = version.content
    if specialty and specialty == (content.get("specialty") or version.case.specialty):
        return 0
    return 1 if specialty in IMAGING and studies_in(content) else 2


def _offered(person: peer_review.Candidate, chosen: Collection[UUID], version: CaseVersion) -> OfferedReviewer:
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
        nearness=_nearness(person.specialty, version),
    )


def _spoken(person: OfferedReviewer) -> str:
    return f"{person.name} {person.title} {person.places} {person.specialty}".casefold()
