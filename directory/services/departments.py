"""Departments of an organisation: added, renamed, closed by its system administrator."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.audit import record
from core.errors import Invalid, NotFound
from core.staleness import mark_of, refuse_stale
from directory.errors import DepartmentInUse
from directory.models import Department, Organisation
from directory.specialties import SPECIALTIES


@transaction.atomic
def add_department(
    *, actor: Actor, department_id: UUID, organisation_id: UUID, specialty: str, name: str, name_en: str,
    now: datetime,
) -> Department:  # fmt: skip
    """One of each specialty; a closed one opens again under its new name. Raises Invalid, NotFound."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id, is_active=True).first()
    if organisation is None or not actor.may("admin.system", organisation.path):
        raise NotFound
    if specialty not in SPECIALTIES:
        raise Invalid(fields={"specialty": [_("Choose one of the specialties.")]})
    department = Department.objects.filter(organisation=organisation, specialty=specialty).first()
    if department is not None and department.pk == department_id:
        return department
    if department is not None and department.closed_at is None:
        raise Invalid(fields={"specialty": [_("This organisation has a department of this specialty.")]})
    department = department or Department(pk=department_id, organisation=organisation, specialty=specialty)
    department.name, department.name_en, department.closed_at = name, name_en, None
    department.save()
    _record("department.added", actor, department, now)
    return department


@transaction.atomic
def rename_department(
    *, actor: Actor, department_id: UUID, name: str, name_en: str, seen: str = "", now: datetime
) -> None:
    """Raises NotFound, StaleForm."""
    department = _mine(actor, department_id)
    refuse_stale(seen, mark_of_department(department))
    department.name, department.name_en = name, name_en
    department.save(update_fields=["name", "name_en"])
    _record("department.renamed", actor, department, now)


@transaction.atomic
def close_department(*, actor: Actor, department_id: UUID, now: datetime) -> None:
    """Nobody is added to it any more. Raises NotFound, and DepartmentInUse while people work there."""
    department = _mine(actor, department_id)
    if department.closed_at is not None:
        return
    if number := department.membership_set.count():
        raise DepartmentInUse(number=number)
    department.closed_at = now
    department.save(update_fields=["closed_at"])
    _record("department.closed", actor, department, now)


def mark_of_department(department: Department) -> str:
    return mark_of(department.name, department.name_en)


def _mine(actor: Actor, department_id: UUID) -> Department:
    rows = Department.objects.select_for_update(of=("self",)).select_related("organisation")
    department = rows.filter(pk=department_id).first()
    if department is None or not actor.may("admin.system", department.organisation.path):
        raise NotFound
    return department


def _record(action: str, actor: Actor, department: Department, now: datetime) -> None:
    record(
        action=action, actor=actor, subject_type="department", subject_id=department.pk,
        organisation_path=department.organisation.path, details={"specialty": department.specialty}, now=now,
    )  # fmt: skip
