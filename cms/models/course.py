"""A course as its authors see it: a plain row beside the pages that hold its drafts."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.managers import CourseManager
from cms.states import COURSE, CourseLevel, Language, Subject
from core.ids import uuid7


class Course(models.Model):
    """`title` and the other texts are the draft's; readers see the current edition's.

    `learning_minutes` is the time a learner needs, in minutes: the sum of its units as
    it was last submitted. `pass_percent` is the share of the points needed to pass. `credit_points` repeats the
    edition's credit facts for the catalogue's filter. `disclosure` names the authors' interests, "" for none declared.
    `last_verb` is the last step of the machine, `last_verb_by` who took it: the second of two clicks is known by them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("course code"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    objectives = models.TextField(_("aims, one per line"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.CHINESE)
    subject = models.CharField(_("subject area"), max_length=20, choices=Subject.choices)
    level = models.CharField(_("written for"), max_length=14, choices=CourseLevel.choices)
    learning_minutes = models.PositiveSmallIntegerField(_("learning time in minutes"), default=45)
    disclosure = models.TextField(_("interests that the authors disclose"), blank=True, default="", db_default="")
    pass_percent = models.PositiveSmallIntegerField(_("pass mark in per cent"), default=60)
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts at a unit’s questions"),
        default=3,
        db_default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("When they are used up, one more opens every 24 hours."),
    )
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, through="cms.CourseAuthor", related_name="+")
    state = models.CharField(max_length=20, choices=COURSE.choices, default=COURSE.initial)
    last_verb = models.CharField(max_length=20, blank=True, default="", db_default="")
    last_verb_by = models.UUIDField(null=True, blank=True)
    round_id = models.UUIDField(null=True, blank=True)
    manifest = models.JSONField(null=True, blank=True)
    manifest_hash = models.CharField(max_length=100, blank=True)
    current_edition = models.ForeignKey(
        "cms.CourseEdition", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    credit_points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()
    objects = CourseManager()

    class Meta:
        verbose_name = _("course")
        constraints = [
            COURSE.constraint("course"),
            models.CheckConstraint(
                condition=models.Q(pass_percent__gte=1, pass_percent__lte=100),
                name="course_pass_percent_is_a_percentage",
            ),
        ]
        indexes = [models.Index(fields=["state", "-changed_at"], name="course_by_state")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class CourseAuthor(models.Model):
    """Who wrote it, in the order in which they are named."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="author_rows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("course author")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["course", "person"], name="course_author_once")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.person_id}"
