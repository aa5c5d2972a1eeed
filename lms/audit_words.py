"""The words of what is recorded here, for those who read the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit.words import Family, Subject, register_words

ACTIONS = {
    Family.WRITTEN: {
        "enrolment.made": _("Enrolled in a course"),
        "enrolment.returned": _("Returned to a course"),
        "unit.done": _("Finished a unit"),
        "attempt.submitted": _("Submitted answers"),
    },
    Family.WITHDRAWN: {
        "enrolment.left": _("Left a course"),
    },
    Family.SIGNED: {
        "course.passed": _("Passed a course"),
    },
}
SUBJECTS = {
    "attempt": Subject(pgettext_lazy("audit", "Attempt")),
    "completion": Subject(pgettext_lazy("audit", "Course passed")),
    "enrolment": Subject(pgettext_lazy("audit", "Enrolment")),
}
FACTS = {
    "of": pgettext_lazy("audit", "Out of"),
    "points": pgettext_lazy("audit", "Points"),
    "score": pgettext_lazy("audit", "Score"),
}


def register() -> None:
    register_words(actions=ACTIONS, subjects=SUBJECTS, facts=FACTS)
