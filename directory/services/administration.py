"""Organisations and people, kept by the system administrator; lost second factors, reset by security."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.audit import record
from core.errors import Forbidden, Invalid, NotFound
from core.staleness import mark_of, refuse_stale
from directory.errors import OwnSignInOnly
from directory.models import Organisation, OrganisationKind, Person
from directory.phone_numbers import normalised
from directory.roles import ADMINISTRATORS
from directory.selectors import grants_ahead
from directory.services import addresses

HOSPITAL_LEVELS = (1, 2, 3)


@transaction.atomic
def create_organisation(
    *,
    actor: Actor,
    organisation_id: UUID,
    parent_id: UUID,
    kind: str,
    code: str,
    name: str,
    name_en: str,
    now: datetime,
) -> Organisation:
    """A new organisation below `parent`; a hospital stands on its authority's own level. Raises Invalid, NotFound."""
    parent = Organisation.objects.select_for_update().filter(pk=parent_id, is_active=True).first()
    if parent is None or not actor.may("admin.system", parent.path):
        raise NotFound
    if existing := Organisation.objects.filter(pk=organisation_id).first():
        return existing
    if Organisation.objects.filter(code=code).exists():
        raise Invalid(fields={"code": [_("Another organisation has this code.")]})
    organisation = Organisation.objects.create(
        pk=organisation_id,
        parent=parent,
        path=_next_path(parent),
        level=_level_below(parent, kind),
        kind=kind,
        code=code,
        name=name,
        name_en=name_en,
    )
    _record("organisation.created", actor, "organisation", organisation.pk, organisation.path, now)
    return organisation


@transaction.atomic
def change_organisation(
    *,
    actor: Actor,
    organisation_id: UUID,
    name: str,
    name_en: str,
    is_active: bool,
    authors_courses: bool,
    seen: str = "",
    now: datetime,
) -> None:
    """Its names, whether it takes part, whether it writes courses. Raises NotFound, StaleForm."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None or not actor.may("admin.system", organisation.path):
        raise NotFound
    refuse_stale(seen, mark_of_organisation(organisation))
    organisation.name, organisation.name_en = name, name_en
    organisation.is_active, organisation.authors_courses = is_active, authors_courses
    organisation.save(update_fields=["name", "name_en", "is_active", "authors_courses"])
    _record("organisation.changed", actor, "organisation", organisation.pk, organisation.path, now)


@transaction.atomic
def change_person(
    *, actor: Actor, person_id: UUID, name: str, name_en: str, email: str, phone: str, is_active: bool, seen: str = "",
    now: datetime,
) -> None:  # fmt: skip
    """Details, and whether the account is open. Raises Forbidden, OwnSignInOnly, Invalid, NotFound, StaleForm.

    Closing it ends every session, and so does another number or address, which signs nobody in until the person has
    confirmed it. An administrator's own is changed by nobody else (ADR 0019).
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    require_over(actor, "admin.system", person, now)
    refuse_stale(seen, mark_of_person(person))
    if phone and not normalised(phone):
        raise Invalid(fields={"phone": [_("This is not a telephone number.")]})
    other = Person.objects.with_phone(phone)
    if other is not None and other.pk != person.pk:
        raise Invalid(fields={"phone": [_("Another person has this number.")]})
    if actor.person_id == person.pk and not is_active:
        raise Invalid(fields={"is_active": [_("You cannot close your own account.")]})
    if person.is_active and not is_active:
        person.sessions_end_at = now
    person.name, person.name_en, person.is_active = name, name_en, is_active
    _write_addresses(person, {addresses.EMAIL: email, addresses.PHONE: phone}, now)
    person.save()
    _record("person.changed", actor, "person", person.pk, _place_of(person), now)


@transaction.atomic
def reset_second_factor(*, actor: Actor, person_id: UUID, now: datetime) -> None:
    """For a lost phone: the factor and its recovery codes go, every session ends. Raises Forbidden, NotFound."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    require_over(actor, "admin.security", person, now)
    if actor.person_id == person.pk:
        raise Forbidden
    Authenticator.objects.filter(user=person).delete()
    person.sessions_end_at = now
    person.save(update_fields=["sessions_end_at"])
    _record("person.second_factor_reset", actor, "person", person.pk, _place_of(person), now)


def mark_of_organisation(organisation: Organisation) -> str:
    """What its form showed."""
    values = organisation.name, organisation.name_en, organisation.is_active, organisation.authors_courses
    return mark_of(*values)


def mark_of_person(person: Person) -> str:
    """What the details form showed."""
    return mark_of(person.name, person.name_en, person.email, person.phone, person.is_active)


def _write_addresses(person: Person, wanted: dict[str, str], now: datetime) -> None:
    """What differs is written unconfirmed, the former address is told, every session ends. Raises OwnSignInOnly."""
    for kind, raw in wanted.items():
        before, address = addresses.address_on(person, kind), addresses.tidy(kind, raw)
        if address == before:
            continue
        if holds_administration(person, now):
            raise OwnSignInOnly
        addresses.write_address(person, kind, address)
        addresses.tell(person, kind, before, now)
        person.sessions_end_at = now


def holds_administration(person: Person, now: datetime) -> bool:
    """Whether the person is, or will be, one of the three administrators."""
    return grants_ahead(person, now).filter(role__in=ADMINISTRATORS).exists()


def require_over(actor: Actor, permission: str, person: Person, now: datetime) -> None:
    """The right must reach wherever the person works or holds a role, now or from a later day.

    Somebody with neither belongs to the administrator of the root organisation. Raises Forbidden.
    """
    places = set(grants_ahead(person, now).values_list("organisation__path", flat=True))
    places |= set(person.memberships.values_list("organisation__path", flat=True))
    if not places:
        places = set(Organisation.objects.filter(parent__isnull=True).values_list("path", flat=True))
    for path in sorted(places):
        actor.require(permission, path)


def _place_of(person: Person) -> str:
    place = person.memberships.filter(is_primary=True).select_related("organisation").first()
    return place.organisation.path if place else ""


def _level_below(parent: Organisation, kind: str) -> int:
    if kind == OrganisationKind.HOSPITAL and parent.level in HOSPITAL_LEVELS:
        return parent.level
    if parent.level >= 5:
        raise Invalid(fields={"kind": [_("Nothing stands below a village.")]})
    return parent.level + 1


def _next_path(parent: Organisation) -> str:
    last = Organisation.objects.filter(parent=parent).order_by("-path").values_list("path", flat=True).first()
    number = int(last[len(parent.path) : -1]) + 1 if last else 1
    return f"{parent.path}{number:04d}/"


def _record(action: str, actor: Actor, kind: str, subject: UUID, path: str, now: datetime) -> None:
    record(action=action, actor=actor, subject_type=kind, subject_id=subject, organisation_path=path, now=now)
