"""People, organisations and grants for tests of every app, without the seed."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from core.actor import Actor
from directory.models import Membership, Organisation, Person, RoleGrant
from directory.selectors import actor_of

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_numbers = count(1)


def make_organisation(parent: Organisation | None = None, *, kind: str = "hospital", **fields: Any) -> Organisation:
    """A new organisation below `parent` (one level down), or a root. An element of a path has four digits."""
    number = next(_numbers)
    level = min(parent.level + 1, 5) if parent else 1
    return Organisation.objects.create(
        parent=parent,
        path=f"{parent.path if parent else ''}{number % 10_000:04d}/",
        kind=kind,
        **{"code": f"T{number}", "name": f"机构{number}", "name_en": f"Organisation {number}", "level": level} | fields,
    )


def make_person(organisation: Organisation | None = None, *roles: str, **fields: Any) -> Person:
    """A person who belongs to `organisation` and holds `roles` there since 2020."""
    number = next(_numbers)
    values: dict[str, Any] = {"username": f"person{number}", "name": f"人员{number}", "password": None} | fields
    person = Person.objects.create_user(**values)
    if organisation is not None:
        Membership.objects.create(person=person, organisation=organisation, title="主治医师")
        for role in roles:
            grant_role(person, role, organisation)
    return person


def grant_role(person: Person, role: str, organisation: Organisation, **fields: Any) -> RoleGrant:
    return RoleGrant.objects.create(
        person=person, role=role, organisation=organisation, **{"starts_at": LONG_AGO} | fields
    )


def make_actor(person: Person, now: datetime | None = None) -> Actor:
    """The person's actor with a verified second factor."""
    return actor_of(person, now or datetime(2026, 11, 22, 3, tzinfo=UTC), is_mfa_verified=True)
