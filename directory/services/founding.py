"""The first day of an installation: its root organisation, and the invitations of the three administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.actor import Actor
from core.audit import record
from core.errors import Forbidden
from core.ids import uuid7
from core.jobs import enqueue
from directory.errors import FoundedAlready, ThreePeople
from directory.models import Invitation, Level, Organisation, OrganisationKind, RoleGrant
from directory.phone_numbers import normalised
from directory.roles import ADMINISTRATORS
from directory.services.invitations import LIFE, check_reachable

ROOT_PATH = "0001/"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One of `email` and `phone` is enough."""

    name: str
    email: str = ""
    phone: str = ""


@transaction.atomic
def found(*, actor: Actor, code: str, name: str, name_en: str, now: datetime) -> Organisation:
    """The authority of the province, below which everything stands; the same again is the same.

    Raises FoundedAlready when there are other organisations, Forbidden for a person.
    """
    _require_system(actor)
    if existing := Organisation.objects.order_by("path").first():
        if existing.parent_id is not None or (existing.code, existing.name) != (code, name):
            raise FoundedAlready(code=existing.code)
        return existing
    root = Organisation.objects.create(
        path=ROOT_PATH, level=Level.PROVINCE, kind=OrganisationKind.AUTHORITY, code=code, name=name, name_en=name_en
    )
    record(
        action="organisation.created", actor=actor, subject_type="organisation", subject_id=root.pk,
        organisation_path=root.path, now=now,
    )  # fmt: skip
    return root


@transaction.atomic
def invite_administrators(
    *, actor: Actor, root: Organisation, people: Mapping[str, Newcomer], now: datetime
) -> list[Invitation]:
    """Role -> who. An open invitation to the same person stays; one to somebody else ends it. Roles held stay held.

    Raises ThreePeople, Invalid, Forbidden.
    """
    _require_system(actor)
    _check_three(people)
    return [
        _invitation(actor, root, role, people[role], now)
        for role in sorted(set(people) - held_administrations(root))
        if role in ADMINISTRATORS
    ]


def held_administrations(root: Organisation) -> set[str]:
    """Administrators' roles that somebody was given there, at any time: from then on grants are the house's own."""
    return set(RoleGrant.objects.filter(organisation=root, role__in=ADMINISTRATORS).values_list("role", flat=True))


def open_invitations(root: Organisation, now: datetime) -> list[Invitation]:
    """Those of the administrators that nobody has accepted and that still hold, by role."""
    rows = Invitation.objects.filter(organisation=root, accepted_at__isnull=True, expires_at__gt=now)
    return list(rows.exclude(role="").order_by("role", "created_at"))


def _invitation(actor: Actor, root: Organisation, role: str, who: Newcomer, now: datetime) -> Invitation:
    from directory.tasks import send_invitation

    wanted = (who.name, who.email.lower(), normalised(who.phone) or None)
    for standing in (each for each in open_invitations(root, now) if each.role == role):
        if (standing.name, standing.email, standing.phone) == wanted:
            return standing
        standing.expires_at = now
        standing.save(update_fields=["expires_at"])
    check_reachable(who.email, who.phone)
    made = Invitation.objects.create(
        pk=uuid7(), organisation=root, name=who.name, email=wanted[1], phone=wanted[2], role=role, created_at=now,
        expires_at=now + LIFE,
    )  # fmt: skip
    enqueue(send_invitation, now=now, arguments={"invitation_id": str(made.pk)})
    record(
        action="person.invited", actor=actor, subject_type="invitation", subject_id=made.pk,
        organisation_path=root.path, details={"role": role}, now=now,
    )  # fmt: skip
    return made


def _check_three(people: Mapping[str, Newcomer]) -> None:
    """No two of them with one name, address or number."""
    for values in (
        [who.name.strip() for who in people.values()],
        [who.email.strip().lower() for who in people.values() if who.email],
        [normalised(who.phone) for who in people.values() if who.phone],
    ):
        if len(set(values)) != len(values):
            raise ThreePeople


def _require_system(actor: Actor) -> None:
    if not actor.is_system:
        raise Forbidden
