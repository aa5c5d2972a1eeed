"""Role grants: given and ended by a security administrator, for somebody else, in the trail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.audit import record
from core.errors import Invalid, NotFound
from directory.errors import AlreadyGranted, OwnRights, SeparationOfDuties
from directory.models import Organisation, Person, RoleGrant
from directory.roles import ADMINISTRATORS, ROLES
from directory.selectors import grants_ahead

PATIENT_ROLES = frozenset(r.name for r in ROLES.values() if r.needs_second_factor) - ADMINISTRATORS


@transaction.atomic
def grant_role(
    *, actor: Actor, person_id: UUID, role: str, organisation_id: UUID, ends_at: datetime | None, now: datetime
) -> RoleGrant:
    """From now on, until `ends_at`. Raises Forbidden, OwnRights, SeparationOfDuties, AlreadyGranted, Invalid."""
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    organisation = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if person is None or organisation is None:
        raise NotFound
    actor.require("admin.security", organisation.path)
    if actor.person_id == person.pk:
        raise OwnRights
    if role not in ROLES:
        raise Invalid(fields={"role": [_("Choose one of the roles.")]})
    if ends_at is not None and ends_at <= now:
        raise Invalid(fields={"ends_at": [_("The end must lie in the future.")]})
    _check_duties(person, role, organisation, now)
    grant = RoleGrant.objects.create(
        person=person,
        role=role,
        organisation=organisation,
        starts_at=now,
        ends_at=ends_at,
        granted_by_id=actor.person_id,
    )
    _record("grant.given", actor, grant, now)
    return grant


@transaction.atomic
def end_grant(*, actor: Actor, grant_id: UUID, now: datetime) -> None:
    """At once: the next request of that person acts without it. One that has not begun is taken back."""
    grant = RoleGrant.objects.select_for_update().select_related("organisation").filter(pk=grant_id).first()
    if grant is None or not actor.may("admin.security", grant.organisation.path):
        raise NotFound
    if grant.person_id == actor.person_id:
        raise OwnRights
    if grant.ends_at is not None and grant.ends_at <= now:
        return
    if grant.starts_at >= now:  # it never came into force
        _record("grant.cancelled", actor, grant, now)
        grant.delete()
        return
    grant.ends_at = now
    grant.save(update_fields=["ends_at"])
    _record("grant.ended", actor, grant, now)


def _check_duties(person: Person, role: str, organisation: Organisation, now: datetime) -> None:
    """Roles that begin on a later day count as well: on that day nobody looks again."""
    ahead = grants_ahead(person, now)
    held = set(ahead.values_list("role", flat=True))
    if role in ADMINISTRATORS and held & ((ADMINISTRATORS - {role}) | PATIENT_ROLES):
        raise SeparationOfDuties
    if role in PATIENT_ROLES and held & ADMINISTRATORS:
        raise SeparationOfDuties
    if ahead.filter(role=role, organisation=organisation).exists():
        raise AlreadyGranted


def _record(action: str, actor: Actor, grant: RoleGrant, now: datetime) -> None:
    record(
        action=action,
        actor=actor,
        subject_type="person",
        subject_id=grant.person_id,
        organisation_path=grant.organisation.path,
        details={"role": grant.role, "organisation": str(grant.organisation_id), "grant": str(grant.pk)},
        now=now,
    )
