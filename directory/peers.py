"""Who holds a permission, and who works beside whom: what peer review asks before it chooses people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from directory.models import Membership
from directory.roles import ROLES
from directory.selectors import ancestor_paths, live_grants


def people_with_permission(permission: str, now: datetime, *, covering: str = "") -> list[UUID]:
    """Active people whose live grants give `permission`, in stable order: anywhere, or over the path `covering`."""
    roles = [role.name for role in ROLES.values() if permission in role.permissions]
    grants = live_grants(now).filter(role__in=roles, person__is_active=True, organisation__is_active=True)
    if covering:
        grants = grants.filter(organisation__path__in=ancestor_paths(covering))
    return list(grants.order_by("person_id").values_list("person_id", flat=True).distinct())


def shared_departments(person_id: UUID, others: Iterable[UUID]) -> list[UUID]:
    """Departments in which the person and at least one of `others` work."""
    mine = Membership.objects.filter(person=person_id, department__isnull=False).values("department")
    rows = Membership.objects.filter(person__in=set(others) - {person_id}, department__in=mine)
    return list(rows.values_list("department", flat=True).distinct())
