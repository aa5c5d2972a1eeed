"""The door of directory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from core.actor import Actor
from directory import selectors
from directory.contracts import PersonCard
from directory.editing_rights import PageRight, register_admin_right, register_page_right
from directory.models import Organisation, Person
from directory.peers import people_with_permission, shared_departments
from directory.phone_numbers import masked
from directory.seed.province import SeededCity, SeededCounty, SeededProvince, SeededTownship
from directory.services.tokens import TokenRefused, actor_of_token, bearer_of

actor_of = selectors.actor_of
ancestors_of = selectors.ancestors_of
people_still_holding = selectors.people_still_holding
people_with_role = selectors.people_with_role
holders_of = selectors.holders_of
people_working_in = selectors.people_working_in
primary_organisation = selectors.primary_organisation
works_for_an_authority = selectors.works_for_an_authority
houses_chosen = selectors.houses_chosen
lock_organisation = selectors.lock_organisation
organisations_chosen = selectors.organisations_chosen
organisations_visible = selectors.organisations_visible
region_path = selectors.region_path
organisations_with_role = selectors.organisations_with_role


def get_people(ids: Iterable[UUID]) -> dict[UUID, PersonCard]:
    """Cards by id; unknown ids are absent."""
    return selectors.people_cards(ids)


def get_person(person_id: UUID) -> PersonCard | None:
    return selectors.people_cards([person_id]).get(person_id)


def masked_phones(ids: Iterable[UUID]) -> dict[UUID, str]:
    """ "139****0001" by id, to tell people of one name apart; absent without a number."""
    rows = Person.objects.filter(pk__in=set(ids)).values_list("pk", "phone")
    return {person_id: masked(str(phone)) for person_id, phone in rows if phone}


def masked_phone(person_id: UUID) -> str:
    """As `masked_phones`, for one person; empty without a number."""
    return masked_phones([person_id]).get(person_id, "")


def get_organisation(organisation_id: UUID) -> Organisation:
    """Raises Organisation.DoesNotExist."""
    return Organisation.objects.get(pk=organisation_id)


def actor_for_person(person_id: UUID, now: datetime, *, is_mfa_verified: bool = False) -> Actor:
    """The actor behind an id, for tasks that act on somebody's behalf. Raises Person.DoesNotExist.

    `is_mfa_verified` is for work that the person began with a second factor and that only continues now.
    """
    return selectors.actor_of(Person.objects.get(pk=person_id), now, is_mfa_verified=is_mfa_verified)


__all__ = [
    "PageRight",
    "SeededCity",
    "SeededCounty",
    "SeededProvince",
    "SeededTownship",
    "TokenRefused",
    "actor_for_person",
    "actor_of",
    "actor_of_token",
    "ancestors_of",
    "bearer_of",
    "get_organisation",
    "get_people",
    "get_person",
    "holders_of",
    "houses_chosen",
    "lock_organisation",
    "masked_phone",
    "masked_phones",
    "organisations_chosen",
    "organisations_visible",
    "organisations_with_role",
    "people_still_holding",
    "people_with_permission",
    "people_with_role",
    "people_working_in",
    "primary_organisation",
    "register_admin_right",
    "register_page_right",
    "shared_departments",
    "works_for_an_authority",
]
