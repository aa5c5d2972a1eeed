"""The words of what is recorded here, for those who read the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.images import get_image_model

from cms.models import Course
from core.audit.words import Family, Subject, ids_of, register_words

ACTIONS = {
    Family.WRITTEN: {
        "course.created": _("Began a new course"),
        "course.changed": _("Changed the facts of a course"),
        "course.edited": _("Saved a page of a course in the full editor"),
        "course.unit_added": _("Added a unit"),
        "course.unit_changed": _("Changed a unit"),
        "course.unit_moved": _("Moved a unit"),
        "course.unit_removed": _("Removed a unit"),
        "course.block_added": _("Added a block to a unit"),
        "course.block_changed": _("Changed a block of a unit"),
        "course.block_moved": _("Moved a block of a unit"),
        "course.block_removed": _("Removed a block from a unit"),
        "course.author_added": _("Named an author of a course"),
        "course.author_moved": _("Changed the order of a course’s authors"),
        "course.author_removed": _("Took an author off a course"),
        "course.submitted": _("Submitted a course for review"),
        "course.changes_requested": _("The review asked for changes to a course"),
        "course.revised": _("Began to revise a published course"),
        "course.erratum_set": _("Added an erratum to a course edition"),
        "picture.uploaded": _("Uploaded a picture to the site’s library"),
        "picture.changed": _("Changed a picture of the site’s library"),
    },
    Family.WITHDRAWN: {
        "course.withdrawn": _("Took a course back from review"),
        "course.retired": _("Retired a course"),
        "picture.deleted": _("Deleted a picture from the site’s library"),
    },
    Family.SIGNED: {
        "course.approved": _("The review approved a course"),
    },
    Family.RELEASED: {
        "course.published": _("Published an edition of a course"),
    },
}

LONGEST_NUMBER = 18  # digits that a database takes as a number


def _courses(ids: frozenset[str]) -> dict[str, str]:
    return {str(key): code for key, code in Course.unscoped.filter(pk__in=ids_of(ids)).values_list("pk", "code")}


def _pictures(ids: frozenset[str]) -> dict[str, str]:
    numbers = [int(one) for one in ids if one.isdecimal() and len(one) <= LONGEST_NUMBER]
    return {
        str(key): title for key, title in get_image_model().objects.filter(pk__in=numbers).values_list("pk", "title")
    }


SUBJECTS = {
    "course": Subject(pgettext_lazy("audit", "Course"), _courses),
    "picture": Subject(pgettext_lazy("audit", "Picture of the site"), _pictures),
}
FACTS = {
    "block": pgettext_lazy("audit", "Block"),
    "edition": pgettext_lazy("audit", "Course edition"),
    "node": pgettext_lazy("audit", "Place in the course"),
    "unit": pgettext_lazy("audit", "Unit"),
}


def register() -> None:
    register_words(actions=ACTIONS, subjects=SUBJECTS, facts=FACTS)
