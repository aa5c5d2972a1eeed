"""Reads of people, organisations and live grants."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from core.actor import Actor, Grant
from core.notify import Address
from directory.contracts import PersonCard
from directory.models import (
    AccessToken,
    Department,
    Level,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    RoleGrant,
)
from directory.roles import ROLES

STEP = 5  # characters of one path element: four digits and a slash


def live_grants(now: datetime) -> QuerySet[RoleGrant]:
    """Grants in force at `now`."""
    return RoleGrant.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)


def grants_ahead(person: Person, now: datetime) -> QuerySet[RoleGrant]:
    """The person's grants that are in force or will be."""
    return person.grants.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def actor_of(person: Person, now: datetime, *, is_mfa_verified: bool = False) -> Actor:
    """The person with the rights that are live at `now`."""
    grants = live_grants(now).filter(person=person).select_related("organisation").order_by("role", "organisation_id")
    return Actor(
        person_id=person.pk,
        name=person.name,
        grants=tuple(
            Grant(g.role, g.organisation_id, g.organisation.path, ROLES[g.role].permissions)
            for g in grants
            if g.role in ROLES and g.organisation.is_active
        ),
        is_mfa_verified=is_mfa_verified,
    )


def ancestor_paths(path: str) -> list[str]:
    """The paths of every ancestor and of the organisation itself, root first: "0001/", "0001/0012/"."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


def ancestors_of(organisation_id: UUID) -> list[UUID]:
    """Ids from the root down to the organisation itself. Raises Organisation.DoesNotExist."""
    path = Organisation.objects.values_list("path", flat=True).get(pk=organisation_id)
    return list(
        Organisation.objects.filter(path__in=ancestor_paths(path)).order_by("path").values_list("pk", flat=True)
    )


def region_path(organisation_id: UUID) -> str:
    """The path of the county authority that the organisation stands below, of the city or province above counties; its
    own where it stands below none. Raises Organisation.DoesNotExist.
    """
    path = Organisation.objects.values_list("path", flat=True).get(pk=organisation_id)
    above = Organisation.objects.filter(path__in=ancestor_paths(path), kind=OrganisationKind.AUTHORITY)
    regions = above.filter(level__lte=Level.COUNTY).order_by("-level", "-path")
    return str(regions.values_list("path", flat=True).first() or path)


def people_cards(ids: Iterable[UUID]) -> dict[UUID, PersonCard]:
    """Cards of the people with these ids; an unknown id is simply absent."""
    wanted = set(ids)
    places = {
        m.person_id: m
        for m in Membership.objects.filter(person__in=wanted, is_primary=True).select_related(
            "organisation", "department"
        )
    }
    return {person.pk: _card(person, places.get(person.pk)) for person in Person.objects.filter(pk__in=wanted)}


def _card(person: Person, place: Membership | None) -> PersonCard:
    return PersonCard(
        id=person.pk,
        name=person.name,
        name_en=person.name_en,
        title=place.title if place else "",
        organisation_id=place.organisation_id if place else None,
        organisation_name=place.organisation.name if place else "",
        organisation_name_en=(place.organisation.name_en or place.organisation.name) if place else "",
        department_name=place.department.name if place and place.department else "",
        department_name_en=(place.department.name_en or place.department.name) if place and place.department else "",
        specialty=place.department.specialty if place and place.department else "",
    )


def organisations_below(paths: Iterable[str]) -> QuerySet[Organisation]:
    """Every organisation at or below one of `paths`."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return Organisation.objects.filter(condition)


def organisations_visible(actor: Actor, permission: str) -> QuerySet[Organisation]:
    """Organisations at or below those where the actor holds `permission`."""
    return organisations_below({g.organisation_path for g in actor.grants if permission in g.permissions})


def organisations_chosen(actor: Actor, permission: str, wanted: str) -> QuerySet[Organisation]:
    """What `organisations_visible` gives, narrowed to the subtree of `wanted` (an id); none for a foreign one."""
    visible = organisations_visible(actor, permission)
    try:
        chosen = visible.filter(pk=UUID(wanted)).first()
    except ValueError:
        return visible
    return visible.filter(path__startswith=chosen.path) if chosen else visible.none()


def houses_chosen(actor: Actor, permission: str, wanted: str) -> QuerySet[Organisation]:
    """Those of `organisations_chosen` that are no authorities: whose people learn and are counted."""
    return organisations_chosen(actor, permission, wanted).exclude(kind=OrganisationKind.AUTHORITY)


def primary_organisation(person_id: UUID) -> Organisation | None:
    """Where the person works in the first place, now; None for somebody without a place."""
    return Organisation.objects.filter(memberships__person=person_id, memberships__is_primary=True).first()


def works_for_an_authority(person_id: UUID) -> bool:
    """Whether the person's first place is an authority: such people are not counted, see `houses_chosen`."""
    place = primary_organisation(person_id)
    return place is not None and place.kind == OrganisationKind.AUTHORITY


def people_working_in(organisations: QuerySet[Organisation]) -> QuerySet[Person]:
    """Active people whose primary place is one of these, to compose with. Beside each stand `place` (its id),
    `place_path`, `place_name`, `place_name_en` (as stored), `place_level` and `job_title`.
    """
    working = Person.objects.filter(
        is_active=True, memberships__is_primary=True, memberships__organisation__in=organisations.values("pk")
    )
    return working.annotate(
        place=F("memberships__organisation"),
        place_path=F("memberships__organisation__path"),
        place_name=F("memberships__organisation__name"),
        place_name_en=F("memberships__organisation__name_en"),
        place_level=F("memberships__organisation__level"),
        job_title=F("memberships__title"),
    )


def people_with_role(role: str, organisation_id: UUID, now: datetime) -> list[UUID]:
    """People who hold `role` in the organisation itself or in one above it, at `now`."""
    return list(
        live_grants(now)
        .filter(role=role, organisation__in=ancestors_of(organisation_id), person__is_active=True)
        .order_by("person_id")
        .values_list("person_id", flat=True)
        .distinct()
    )


def people_still_holding(
    person_ids: Collection[UUID], permission: str, paths: Iterable[str], now: datetime
) -> set[UUID]:
    """Those of these people who hold `permission` at `now` over an organisation at one of `paths`."""
    covering = {above for path in paths for above in ancestor_paths(path)}
    roles = [role.name for role in ROLES.values() if permission in role.permissions]
    grants = live_grants(now).filter(person__in=person_ids, person__is_active=True, role__in=roles)
    held = grants.filter(organisation__path__in=covering, organisation__is_active=True)
    return set(held.values_list("person_id", flat=True))


def lock_organisation(organisation_id: UUID) -> None:
    """Until the transaction ends, who locks the same organisation waits; rows that point at it may be written."""
    Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id).values("pk").first()


def holders_of(role: str, now: datetime) -> list[UUID]:
    """Everybody who holds `role` anywhere, at `now`."""
    held = live_grants(now).filter(role=role, person__is_active=True, organisation__is_active=True)
    return list(held.order_by("person_id").values_list("person_id", flat=True).distinct())


def organisations_with_role(role: str, now: datetime) -> list[Organisation]:
    """Organisations in which somebody holds `role` at `now`, by level and path."""
    held = live_grants(now).filter(role=role, person__is_active=True).values("organisation_id")
    return list(Organisation.objects.filter(pk__in=held, is_active=True).order_by("level", "path"))


def address_of(person_id: UUID) -> Address | None:
    """Where notifications reach this person; None for somebody who left."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return None
    return Address(email=person.email, phone=person.phone or "", language=person.language)


def departments_of(organisation: Organisation) -> QuerySet[Department]:
    """Its open departments with the number of their people, by name."""
    rows = Department.objects.filter(organisation=organisation, closed_at__isnull=True)
    return rows.annotate(people=Count("membership")).order_by("name")


def memberships_of(person: Person) -> QuerySet[Membership]:
    """Where the person works, the primary place first."""
    return person.memberships.select_related("organisation", "department").order_by("-is_primary", "organisation__path")


def grants_of(person: Person, now: datetime) -> QuerySet[RoleGrant]:
    """The person's live grants, highest organisation first."""
    return live_grants(now).filter(person=person).select_related("organisation").order_by("organisation__path", "role")


def tokens_of(person: Person, now: datetime) -> QuerySet[AccessToken]:
    """Machine keys that still work."""
    return person.access_tokens.filter(revoked_at__isnull=True, expires_at__gt=now).order_by("-created_at")


def people_with_permissions(permissions: Collection[str], now: datetime) -> QuerySet[Person]:
    """Active people who hold one of `permissions` anywhere at `now`."""
    roles = [role.name for role in ROLES.values() if role.permissions & set(permissions)]
    return Person.objects.filter(is_active=True, pk__in=live_grants(now).filter(role__in=roles).values("person_id"))
