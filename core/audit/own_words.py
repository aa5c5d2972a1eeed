"""The words of what core itself records."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit.words import Family, Subject, fact_words, ids_of, register_words

ACTIONS = {
    Family.READ: {
        "audit.viewed": _("Looked at the audit trail"),
        "audit.exported": _("Saved the audit trail as a file"),
        "list.read": _("Saw a list with patients’ names"),
    },
    Family.WRITTEN: {
        "key.created": _("Made the first root key"),
        "key.recorded": _("Wrote down a root key that was there"),
        "job.revived": _("Had failed work tried again"),
        "key.rotated": _("Added a new root key"),
    },
    Family.REFUSED: {"refused": _("Was refused a page")},
}


def _people(ids: frozenset[str]) -> dict[str, str]:
    people = get_user_model()._default_manager.filter(pk__in=ids_of(ids))
    return {str(person.pk): person.get_full_name() for person in people}


def _lists(ids: frozenset[str]) -> dict[str, str]:
    """Each owner registers what its lists are called as the values of "list"."""
    return {name: fact_words("list", name)[1].words for name in ids}


SUBJECTS = {
    "audit": Subject(_("Audit trail"), lambda ids: dict.fromkeys(ids, "")),
    "job": Subject(pgettext_lazy("audit", "Background work")),
    "key": Subject(_("Root key")),
    "list": Subject(pgettext_lazy("audit", "List"), _lists),
    "page": Subject(pgettext_lazy("address", "Page")),
    "person": Subject(_("Person"), _people),
}
FACTS = {
    "action": pgettext_lazy("audit", "Action"),
    "code": pgettext_lazy("audit", "Code"),
    "family": pgettext_lazy("audit", "Kind"),
    "fields": _("Fields"),
    "format": pgettext_lazy("audit", "Form"),
    "job": pgettext_lazy("audit", "Background work"),
    "kind": pgettext_lazy("audit", "Kind"),
    "looks": _("Looks at this trail"),
    "method": pgettext_lazy("HTTP", "Method"),
    "page": pgettext_lazy("audit", "Page number"),
    "path": pgettext_lazy("audit", "Address"),
    "person": _("Person"),
    "q": _("Person"),
    "reason": pgettext_lazy("audit", "Reason"),
    "rows": pgettext_lazy("audit", "Rows"),
    "sequence": _("Place in the chain"),
    "shown": _("Names shown"),
    "since": pgettext_lazy("date", "From"),
    "state": _("State"),
    "subject": _("Subject number"),
    "suite": _("Algorithms"),
    "until": pgettext_lazy("date", "To"),
}


def register() -> None:
    register_words(actions=ACTIONS, subjects=SUBJECTS, facts=FACTS)
