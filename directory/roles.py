"""Roles as data: what each permits, and whether its holder sees patients or administers (both need a second factor).

The permission names are owned by the apps that check them; this table only says who holds them. The three
administrators (三员分立) hold disjoint permissions and no patient-facing one. A learner needs no role: learning
asks only for a signed-in person.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    label: str | Promise
    permissions: frozenset[str]
    needs_second_factor: bool = False


def _role(name: str, label: str | Promise, permissions: str, *, needs_second_factor: bool = False) -> Role:
    return Role(name, label, frozenset(permissions.split()), needs_second_factor)


_ALL = (
    _role(
        "requester",
        _("Requesting doctor"),
        "consult.request consult.view consult.close consult.message case.propose imaging.view imaging.upload"
        " referral.request patient.edit",
        needs_second_factor=True,
    ),
    _role("coordinator", _("Coordinator"), "consult.view consult.triage consult.message", needs_second_factor=True),
    _role(
        "expert",
        _("Expert"),
        "consult.view consult.answer consult.check consult.message imaging.view case.propose",
        needs_second_factor=True,
    ),
    _role(
        "reporting_doctor",
        _("Reporting doctor"),
        "consult.view consult.answer imaging.view",
        needs_second_factor=True,
    ),
    _role(
        "deid_officer",
        _("De-identification officer"),
        "deid.review imaging.view teaching.view",
        needs_second_factor=True,
    ),
    _role("editor", _("Case editor"), "case.edit case.publish course.publish teaching.view"),
    _role("author", _("Course author"), "course.author question.edit"),
    _role("reviewer", _("Reviewer"), "course.review case.review"),
    _role("publisher", _("Course desk lead"), "course.publish"),
    _role("manager", _("Training manager"), "training.manage"),
    _role("supervisor", _("Supervisor"), "supervise.view"),
    _role("credit_officer", _("Credit officer"), "credit.administer"),
    _role("system_admin", _("System administrator"), "admin.system", needs_second_factor=True),
    _role("security_admin", _("Security administrator"), "admin.security", needs_second_factor=True),
    _role("audit_admin", _("Audit administrator"), "admin.audit", needs_second_factor=True),
)

ROLES: dict[str, Role] = {role.name: role for role in _ALL}

#: The three administrators (三员分立).
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
