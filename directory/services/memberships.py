"""Where people work: kept by the system administrator of the place. Roles are another matter, and another person's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.audit import record
from core.errors import Invalid, NotFound
from directory.administration import people_for
from directory.models import Department, Membership, Organisation, Person


@transaction.atomic
def place_person(
    *, actor: Actor, person_id: UUID, organisation_id: UUID, specialty: str, title: str, now: datetime
) -> Membership:
    """Adds a place, or changes department and title of the one in that organisation; the first place is the main one.

    `specialty`: of the department there, or "". Raises Forbidden, Invalid, NotFound.
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    organisation = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if person is None or organisation is None or not people_for(actor, now).filter(pk=person_id).exists():
        raise NotFound
    actor.require("admin.system", organisation.path)
    department = _department(organisation, specialty) if specialty else None
    has_main_place = person.memberships.filter(is_primary=True).exists()
    membership, is_new = Membership.objects.get_or_create(
        person=person,
        organisation=organisation,
        defaults={"department": department, "title": title, "is_primary": not has_main_place},
    )
    if not is_new:
        membership.department, membership.title = department, title
        membership.save(update_fields=["department", "title"])
    _record("membership.added" if is_new else "membership.changed", actor, membership, now)
    return membership


@transaction.atomic
def end_membership(*, actor: Actor, membership_id: UUID, now: datetime) -> None:
    """Roles held there stay until security ends them. Another place, where there is one, becomes the main one.

    Raises NotFound.
    """
    membership = _mine(actor, membership_id)
    others = membership.person.memberships.exclude(pk=membership.pk)
    _record("membership.ended", actor, membership, now)
    membership.delete()
    heir = others.order_by("pk").first()
    if membership.is_primary and heir is not None:
        heir.is_primary = True
        heir.save(update_fields=["is_primary"])


@transaction.atomic
def make_primary(*, actor: Actor, membership_id: UUID, now: datetime) -> None:
    """Where the person is counted. The right must reach the former main place as well. Raises Forbidden, NotFound."""
    membership = _mine(actor, membership_id)
    former = membership.person.memberships.select_related("organisation").filter(is_primary=True).first()
    if former is not None:
        if former.pk == membership.pk:
            return
        actor.require("admin.system", former.organisation.path)
        former.is_primary = False
        former.save(update_fields=["is_primary"])
    membership.is_primary = True
    membership.save(update_fields=["is_primary"])
    _record("membership.made_primary", actor, membership, now)


def _department(organisation: Organisation, specialty: str) -> Department:
    found = Department.objects.filter(organisation=organisation, specialty=specialty, closed_at__isnull=True).first()
    if found is None:
        raise Invalid(fields={"specialty": [_("This organisation has no open department of this specialty.")]})
    return found


def _mine(actor: Actor, membership_id: UUID) -> Membership:
    """The person's row is locked, so that two changes of one person's places stand in line."""
    row = Membership.objects.select_related("organisation").filter(pk=membership_id).first()
    if row is None or not actor.may("admin.system", row.organisation.path):
        raise NotFound
    Person.objects.select_for_update().get(pk=row.person_id)
    again = Membership.objects.select_related("organisation", "person").filter(pk=membership_id).first()
    if again is None:
        raise NotFound
    return again


def _record(action: str, actor: Actor, membership: Membership, now: datetime) -> None:
    details = {"organisation": str(membership.organisation_id)}
    if membership.department_id:
        details["department"] = str(membership.department_id)
    record(
        action=action, actor=actor, subject_type="person", subject_id=membership.person_id,
        organisation_path=membership.organisation.path, details=details, now=now,
    )  # fmt: skip
