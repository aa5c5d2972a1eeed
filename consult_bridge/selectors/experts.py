"""Who coordinates, answers and checks at a receiving hospital, and how much each has in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from consult_bridge.models import Consult
from consult_bridge.states import OPEN
from consult_bridge.vocabulary import SPECIALTIES
from directory import api as directory
from directory.contracts import PersonCard

EXPERT = "expert"
COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class ExpertLoad:
    """`open_count` consults are assigned to this expert and not yet signed."""

    card: PersonCard
    open_count: int
    is_of_specialty: bool

    def is_like(self, words: str) -> bool:
        """Whether name, title, department or specialty hold what was looked for."""
        card = self.card
        texts = (card.name, card.name_en, card.title, card.department_name, card.department_name_en)
        specialty = str(SPECIALTIES.get(card.specialty, ""))
        return any(words.casefold() in text.casefold() for text in (*texts, specialty))


def is_expert_for(person_id: UUID, organisation_id: UUID, *, now: datetime) -> bool:
    return person_id in directory.people_with_role(EXPERT, organisation_id, now)


def coordinators_for(organisation_id: UUID, *, now: datetime) -> list[UUID]:
    return directory.people_with_role(COORDINATOR, organisation_id, now)


def checkers_for(consult: Consult, *, now: datetime) -> list[UUID]:
    """Doctors of the receiving hospital who may check and sign."""
    return directory.people_with_role(EXPERT, consult.receiving_organisation_id, now)


def experts_with_load(consult: Consult, *, now: datetime) -> list[ExpertLoad]:
    """Experts of the receiving hospital: those of the consult's specialty first, then by how little they have."""
    people = directory.get_people(directory.people_with_role(EXPERT, consult.receiving_organisation_id, now))
    in_hand = dict(
        Consult.unscoped.filter(expert_id__in=people, state__in=OPEN - {"signed"})
        .values_list("expert_id")
        .annotate(Count("pk"))
    )
    loads = [ExpertLoad(card, in_hand.get(card.id, 0), card.specialty == consult.specialty) for card in people.values()]
    return sorted(loads, key=lambda load: (not load.is_of_specialty, load.open_count, load.card.name))


def receiving_hospitals(now: datetime) -> list:
    """Organisations with a consult centre: somebody there coordinates."""
    return directory.organisations_with_role(COORDINATOR, now)
