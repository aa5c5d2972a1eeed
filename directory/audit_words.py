"""The words of what is recorded here, for those who read the trail."""

from __future__ import annotations

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.audit.words import Family, Subject, Values, ids_of, register_words
from directory.models import Department, Organisation
from directory.roles import ROLES
from directory.specialties import SPECIALTIES

ACTIONS = {
    Family.SIGN_IN: {
        "person.signed_in": _("Signed in"),
        "person.signed_out": _("Signed out"),
        "person.signed_out_idle": _("Was signed out after a time without activity"),
        "person.sessions_ended": _("Ended all sessions of a person"),
        "invitation.accepted": _("Accepted an invitation"),
    },
    Family.REFUSED: {
        "person.sign_in_failed": _("Sign-in failed"),
    },
    Family.WRITTEN: {
        "person.invited": _("Invited a person"),
        "person.changed": _("Changed a person’s details"),
        "person.address_confirmed": _("Confirmed an e-mail address or telephone number"),
        "person.second_factor_reset": _("Reset a person’s second factor"),
        "grant.given": _("Gave a role"),
        "department.added": _("Added a department"),
        "department.renamed": _("Renamed a department"),
        "doctors.reported": _("Entered the licensed doctors of a year"),
        "doctors.corrected": _("Corrected the licensed doctors of a year"),
        "membership.added": _("Added a place of work"),
        "membership.changed": _("Changed a place of work"),
        "membership.made_primary": _("Chose a main place of work"),
        "organisation.created": _("Added an organisation"),
        "organisation.changed": _("Changed an organisation"),
        "token.created": _("Made an access token"),
    },
    Family.WITHDRAWN: {
        "department.closed": _("Closed a department"),
        "membership.ended": _("Ended a place of work"),
        "grant.ended": _("Ended a role"),
        "grant.cancelled": _("Cancelled a role before it began"),
        "token.revoked": _("Revoked an access token"),
    },
}


def _organisations(ids: frozenset[str]) -> dict[str, str]:
    rows = Organisation.objects.filter(pk__in=ids_of(ids))
    return {str(row.pk): row.display_name(get_language() or "") for row in rows}


def _departments(ids: frozenset[str]) -> dict[str, str]:
    rows = Department.objects.filter(pk__in=ids_of(ids))
    return {str(row.pk): row.name_en if get_language() == "en" and row.name_en else row.name for row in rows}


SUBJECTS = {
    "access_token": Subject(pgettext_lazy("audit", "Access token")),
    "department": Subject(pgettext_lazy("audit", "Department"), _departments),
    "grant": Subject(pgettext_lazy("audit", "Role of a person")),
    "invitation": Subject(pgettext_lazy("audit", "Invitation")),
    "organisation": Subject(pgettext_lazy("audit", "Organisation"), _organisations),
    "role_grant": Subject(pgettext_lazy("audit", "Role of a person")),
}
FACTS = {
    "department": pgettext_lazy("audit", "Department"),
    "doctors": pgettext_lazy("audit", "Licensed doctors"),
    "doctors_before": pgettext_lazy("audit", "Licensed doctors before"),
    "grant": pgettext_lazy("audit", "Role grant"),
    "kind": pgettext_lazy("audit", "Kind"),
    "methods": pgettext_lazy("audit", "Signed in by"),
    "organisation": pgettext_lazy("audit", "Organisation"),
    "role": pgettext_lazy("audit", "Role"),
    "scopes": pgettext_lazy("audit", "Scopes"),
    "specialty": pgettext_lazy("audit", "Specialty"),
    "statistics_year": pgettext_lazy("audit", "Statistics year"),
    "step": pgettext_lazy("audit", "Step that failed"),
}
VALUES: dict[str, Values] = {
    "specialty": SPECIALTIES,
    "role": {role.name: role.label for role in ROLES.values()},
    "step": {
        "password": pgettext_lazy("audit", "Password"),
        "sms_code": pgettext_lazy("audit", "Text message code"),
        "second_factor": pgettext_lazy("audit", "Second factor"),
    },
    "methods": {
        "password": pgettext_lazy("audit", "Password"),
        "mfa": pgettext_lazy("audit", "Second factor"),
        "totp": pgettext_lazy("audit", "Second factor"),
        "code": pgettext_lazy("audit", "Text message code"),
        "sms_code": pgettext_lazy("audit", "Text message code"),
        "invitation": pgettext_lazy("audit", "Invitation"),
    },
    "kind": {
        "email": pgettext_lazy("audit", "E-mail address"),
        "phone": pgettext_lazy("audit", "Telephone number"),
    },
}


def register() -> None:
    register_words(actions=ACTIONS, subjects=SUBJECTS, facts=FACTS, values=VALUES)
