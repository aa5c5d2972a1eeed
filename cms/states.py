"""The machine of a course. The draft and the published edition stand side by side: `published` courses are revised."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Machine, State, Transition

COURSE = Machine(
    name="course",
    initial="draft",
    states={
        "draft": State(_("Draft"), "draft", "grey"),
        "in_review": State(_("Under review"), "p75", "blue"),
        "changes_requested": State(pgettext_lazy("review", "Changes requested"), "wait", "amber"),
        "approved": State(_("Waits for publication"), "wait", "amber"),
        "published": State(_("Published"), "done", "green"),
        "retired": State(_("Retired"), "stopped", "grey"),
    },
    transitions=(
        Transition("submit", ("draft", "changes_requested"), "in_review"),
        Transition("approve", ("in_review",), "approved"),
        Transition("request_changes", ("in_review",), "changes_requested"),
        Transition("withdraw", ("in_review", "approved"), "draft"),
        Transition("publish", ("approved",), "published"),
        Transition("revise", ("published",), "draft"),
        Transition("retire", ("published", "draft", "changes_requested", "approved"), "retired"),
    ),
)

EDITABLE = frozenset({"draft", "changes_requested"})
#: What was handed in names its authors, and reviewers were chosen with their interests in mind.
AUTHORS_FIXED = frozenset({"in_review", "approved"})


class Subject(models.TextChoices):
    """Subject areas (学科) of the catalogue."""

    CARDIOVASCULAR = "cardiovascular", _("Heart and circulation")
    RESPIRATORY = "respiratory", _("Respiratory medicine")
    ENDOCRINE = "endocrine", _("Diabetes and endocrinology")
    NEUROLOGY = "neurology", _("Neurology")
    PAEDIATRICS = "paediatrics", _("Paediatrics")
    INFECTION = "infection", _("Infection and prevention")
    IMAGING = "imaging", _("Imaging")
    EMERGENCY = "emergency", _("Emergency medicine")
    NURSING = "nursing", _("Nursing")
    GENERAL = "general", _("General practice")


#: Departments whose people know the subject area, by directory's key.
SPECIALTIES_OF: dict[str, tuple[str, ...]] = {
    Subject.CARDIOVASCULAR: ("cardiology", "ultrasound"),
    Subject.RESPIRATORY: ("respiratory",),
    Subject.ENDOCRINE: ("endocrinology",),
    Subject.NEUROLOGY: ("neurology",),
    Subject.PAEDIATRICS: ("paediatrics",),
    Subject.IMAGING: ("radiology", "ultrasound"),
    Subject.EMERGENCY: ("emergency",),
    Subject.NURSING: ("nursing",),
    Subject.GENERAL: ("general_practice",),
}


class CourseLevel(models.TextChoices):
    """Whom it is written for."""

    BASIC = "basic", _("Village and township")
    INTERMEDIATE = "intermediate", _("County")
    ADVANCED = "advanced", _("City and province")


class Language(models.TextChoices):
    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"
