"""The words of what is recorded here, for those who read the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit.words import Family, Subject, ids_of, register_words
from credits.models import Certificate, Scheme, SchemeVersion

ACTIONS = {
    Family.WRITTEN: {
        "scheme.installed": _("Installed a credit scheme"),
        "credit.entered": _("Entered credits"),
        "credits.version_began": _("Began a version of a credit scheme"),
        "credits.reminded": _("Reminded people who are short of credits"),
    },
    Family.WITHDRAWN: {
        "credit.reversed": _("Reversed credits"),
        "certificate.revoked": _("Revoked a certificate"),
    },
    Family.SIGNED: {
        "certificate.issued": _("Issued a certificate"),
    },
}


def _certificates(ids: frozenset[str]) -> dict[str, str]:
    rows = Certificate.unscoped.filter(pk__in=ids_of(ids)).values_list("pk", "number")
    return {str(key): number for key, number in rows}


def _versions(ids: frozenset[str]) -> dict[str, str]:
    rows = SchemeVersion.objects.filter(pk__in=ids_of(ids)).values_list("pk", "number")
    return {str(key): number for key, number in rows}


def _schemes(ids: frozenset[str]) -> dict[str, str]:
    return {str(key): code for key, code in Scheme.objects.filter(pk__in=ids_of(ids)).values_list("pk", "code")}


SUBJECTS = {
    "certificate": Subject(pgettext_lazy("audit", "Certificate"), _certificates),
    "credit_entry": Subject(pgettext_lazy("audit", "Credit entry")),
    "cycle": Subject(pgettext_lazy("audit", "Credit cycle")),
    "scheme": Subject(pgettext_lazy("audit", "Credit scheme"), _schemes),
    "scheme_version": Subject(pgettext_lazy("audit", "Scheme version"), _versions),
}
FACTS = {
    "credits": pgettext_lazy("audit", "Credits"),
    "editions": pgettext_lazy("audit", "Editions announced"),
    "credited": pgettext_lazy("audit", "Lines entered late"),
    "people": pgettext_lazy("audit", "People"),
    "told": pgettext_lazy("audit", "Told"),
}


def register() -> None:
    register_words(actions=ACTIONS, subjects=SUBJECTS, facts=FACTS)
