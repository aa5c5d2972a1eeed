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
from directory.models import Organisation, OrganisationKind, Person
from directory.phone_numbers import normalised

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
    now: datetime,
) -> None:
    """Its names, whether it takes part, whether it writes courses. Raises NotFound."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None or not actor.may("admin.system", organisation.path):
        raise NotFound
    organisation.name, organisation.name_en = name, name_en
    organisation.is_active, organisation.authors_courses = is_active, authors_courses
    organisation.save(update_fields=["name", "name_en", "is_active", "authors_courses"])
    _record("organisation.changed", actor, "organisation", organisation.pk, organisation.path, now)


@transaction.atomic
def change_person(
    *, actor: Actor, person_id: UUID, name: str, name_en: str, email: str, phone: str, is_active: bool, now: datetime
) -> None:
    """Details, and whether the account is open: closing it ends every session. Raises Forbidden, Invalid, NotFound."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    _require_over(actor, "admin.system", person)
    if phone and not normalised(phone):
        raise Invalid(fields={"phone": [_("This is not a telephone number.")]})
    other = Person.objects.with_phone(phone)
    if other is not None and other.pk != person.pk:
        raise Invalid(fields={"phone": [_("Another person has this number.")]})
    if actor.person_id == person.pk and not is_active:
        raise Invalid(fields={"is_active": [_("You cannot close your own account.")]})
    if person.is_active and not is_active:
        person.sessions_end_at = now
    person.name, person.name_en, person.email, person.is_active = name, name_en, email.lower(), is_active
    if (person.phone or "") != normalised(phone):
        person.set_phone(phone)
    person.save()
    _record("person.changed", actor, "person", person.pk, _place_of(person), now)


@transaction.atomic
def reset_second_factor(*, actor: Actor, person_id: UUID, now: datetime) -> None:
    """For a lost phone: the factor and its recovery codes go, every session ends. Raises Forbidden, NotFound."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    _require_over(actor, "admin.security", person)
    if actor.person_id == person.pk:
        raise Forbidden
    Authenticator.objects.filter(user=person).delete()
    person.sessions_end_at = now
    person.save(update_fields=["sessions_end_at"])
    _record("person.second_factor_reset", actor, "person", person.pk, _place_of(person), now)


def _require_over(actor: Actor, permission: str, person: Person) -> None:
    """Somebody who works nowhere yet belongs to whoever administers at all."""
    actor.require(permission, _place_of(person) or None)


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
