"""Reads for the system and security administrators, each within the organisations of their grants."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from core.actor import Actor
from directory.models import AccessToken, Invitation, Membership, Organisation, Person, RoleGrant
from directory.selectors import live_grants, organisations_visible


def organisations_for(actor: Actor, *, words: str = "", level: int | None = None) -> QuerySet[Organisation]:
    """Organisations that this administrator may open, in tree order; `words` in either name or the code."""
    rows = organisations_visible(actor, "admin.system") | organisations_visible(actor, "admin.security")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__iexact=words))
    if level is not None:
        rows = rows.filter(level=level)
    return rows.annotate(people=Count("memberships")).select_related("parent").order_by("path")


def people_for(
    actor: Actor, now: datetime, *, words: str = "", role: str = "", organisation: UUID | None = None
) -> QuerySet[Person]:
    """People who work or hold a role in the administrator's organisations; with primary place and roles loaded.

    Those who do neither anywhere are the root administrator's.
    """
    places = organisations_for(actor)
    ids = places.values("pk")
    granted = RoleGrant.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    works_here = Q(memberships__organisation__in=ids)
    acts_here = Q(memberships__isnull=True, pk__in=granted.filter(organisation__in=ids).values("person_id"))
    shown = works_here | acts_here
    if places.filter(parent__isnull=True).exists():
        shown |= Q(memberships__isnull=True) & ~Q(pk__in=granted.values("person_id"))
    rows = Person.objects.filter(shown)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(username=words.lower()))
    if role:
        rows = rows.filter(pk__in=live_grants(now).filter(role=role).values("person_id"))
    if organisation is not None:
        rows = rows.filter(memberships__organisation=organisation)
    primary = Membership.objects.filter(is_primary=True).select_related("organisation", "department")
    return (
        rows.distinct()
        .order_by("username")
        .prefetch_related(
            Prefetch("memberships", primary, to_attr="places"), Prefetch("grants", live_grants(now), to_attr="held")
        )
    )


def grant_history(person: Person) -> QuerySet[RoleGrant]:
    """Every grant that the person ever had, the newest first."""
    return person.grants.select_related("organisation").order_by("-starts_at", "role")


def expiring_tokens(actor: Actor, now: datetime, within: timedelta) -> QuerySet[AccessToken]:
    """Keys of machines in a security administrator's organisations that end soon, the soonest first."""
    places = organisations_visible(actor, "admin.security").values("pk")
    rows = AccessToken.objects.filter(organisation__in=places, revoked_at__isnull=True)
    return rows.filter(expires_at__gt=now, expires_at__lte=now + within).order_by("expires_at")


def open_invitations(actor: Actor, now: datetime) -> QuerySet[Invitation]:
    """Invitations into a security administrator's organisations that nobody has accepted and that still hold."""
    places = organisations_visible(actor, "admin.security").values("pk")
    return Invitation.objects.filter(organisation__in=places, accepted_at__isnull=True, expires_at__gt=now)
