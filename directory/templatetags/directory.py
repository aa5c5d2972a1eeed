"""`{% load directory %}`: names in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from directory.models import Department, Organisation
from directory.roles import ROLES
from directory.scopes import LABELS
from directory.specialties import SPECIALTIES

register = template.Library()


@register.simple_tag
def organisation_name(organisation: Organisation) -> str:
    return organisation.shown_name


@register.simple_tag
def department_name(department: Department) -> str:
    return department.shown_name


@register.simple_tag
def role_label(role: str) -> str | Promise:
    """The role's name; a role that this version no longer knows shows as stored."""
    return ROLES[role].label if role in ROLES else role


@register.simple_tag
def specialty_label(specialty: str) -> str | Promise:
    """What the specialty of a department is called."""
    return SPECIALTIES.get(specialty, specialty)


@register.simple_tag
def scope_labels(scopes: list[str]) -> str:
    """What a machine's key is for."""
    return " · ".join(str(LABELS.get(scope, scope)) for scope in scopes)
