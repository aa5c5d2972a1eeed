"""The words of what is recorded here, for those who read the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casebook.models import CaseVersion, TeachingCase
from core.audit.words import Family, Subject, ids_of, register_words

ACTIONS = {
    Family.WRITTEN: {
        "case.proposed": _("Proposed a teaching case"),
        "case.accepted": _("Accepted a proposed case"),
        "case.opened": _("Opened a new teaching case"),
        "case.edited": _("Edited a teaching case"),
        "case.version_started": _("Began a new version of a teaching case"),
        "case.frozen": _("Sent a case version to review"),
        "case.report_amended": _("Noted that a report or an opinion behind a teaching case was corrected"),
        "case.amendment_settled": _("Looked at what a correction means for a teaching case"),
    },
    Family.REFUSED: {
        "case.rejected": _("Rejected a proposed case"),
    },
    Family.WITHDRAWN: {
        "case.taken_back": _("Took a case version back from review"),
        "case.retired": _("Retired a teaching case"),
        "case.withdrawn": _("Withdrew a teaching case"),
    },
    Family.RELEASED: {
        "case.published": _("Published a teaching case"),
    },
}


def _cases(ids: frozenset[str]) -> dict[str, str]:
    return {str(key): code for key, code in TeachingCase.unscoped.filter(pk__in=ids_of(ids)).values_list("pk", "code")}


def _versions(ids: frozenset[str]) -> dict[str, str]:
    rows = CaseVersion.unscoped.filter(pk__in=ids_of(ids)).values_list("pk", "case__code", "number")
    return {str(key): f"{code} · {number}" for key, code, number in rows}


SUBJECTS = {
    "casebook.CaseVersion": Subject(pgettext_lazy("audit", "Case version"), _versions),
    "case_version": Subject(pgettext_lazy("audit", "Case version"), _versions),
    "casebook.Proposal": Subject(pgettext_lazy("audit", "Proposed case")),
    "casebook.TeachingCase": Subject(pgettext_lazy("audit", "Teaching case"), _cases),
}
FACTS = {
    "part": pgettext_lazy("audit", "Part"),
    "verb": pgettext_lazy("audit", "What was done"),
    "release_id": pgettext_lazy("audit", "Release for teaching"),
}


def register() -> None:
    register_words(actions=ACTIONS, subjects=SUBJECTS, facts=FACTS)
