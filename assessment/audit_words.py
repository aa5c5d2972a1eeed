"""The words of what is recorded here, for those who read the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit.words import Family, Subject, register_words

ACTIONS = {
    Family.WRITTEN: {
        "question.created": _("Wrote a new question"),
        "question.version_saved": _("Saved a new version of a question"),
    },
}
SUBJECTS = {
    "question": Subject(pgettext_lazy("audit", "Question")),
}
FACTS = {
    "number": pgettext_lazy("audit", "Number"),
}


def register() -> None:
    register_words(actions=ACTIONS, subjects=SUBJECTS, facts=FACTS)
