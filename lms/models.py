"""Enrolments, progress, attempts and completions. Editions and questions are named by bare ids: they never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.ids import uuid7
from lms.contracts import CompletionFacts
from lms.states import ENROLMENT

LIVE = ("enrolled", "in_progress", "passed", "withdrawn", "failed")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, actor: Actor) -> EnrolmentQuerySet:
        """A learner's own enrolments; nobody else opens them."""
        return self.filter(person=actor.person_id) if actor.person_id else self.none()


class EnrolmentManager(models.Manager["Enrolment"]):
    def visible_to(self, actor: Actor) -> EnrolmentQuerySet:
        return EnrolmentQuerySet(self.model, using=self._db).visible_to(actor)


class Enrolment(models.Model):
    """One person in one edition. `organisation` is the place of work at enrolment, for the reports of that subtree."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    course_id = models.UUIDField()
    edition_id = models.UUIDField()
    state = models.CharField(max_length=12, choices=ENROLMENT.choices, default=ENROLMENT.initial)
    enrolled_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()
    objects = EnrolmentManager()

    class Meta:
        verbose_name = _("enrolment")
        constraints = [
            ENROLMENT.constraint("enrolment"),
            models.UniqueConstraint(
                fields=["person", "edition_id"], condition=models.Q(state__in=LIVE), name="enrolment_once_per_edition"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-enrolled_at"], name="enrolment_by_person"),
            models.Index(fields=["edition_id", "state"], name="enrolment_by_edition"),
            models.Index(fields=["organisation", "enrolled_at"], name="enrolment_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class Progress(models.Model):
    """How far an enrolment is: one row, so that a page of a hundred activities reads one row.

    `done` lists node keys. `seen` lists those that were looked at, the latest last: where reading goes on; null in rows
    of older code. `last_unit` is the key of the unit that was open last. `percent` is 0 to 100, rounded down.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    done = models.JSONField(default=list)
    seen = models.JSONField(default=list, null=True, blank=True)
    last_unit = models.CharField(max_length=64, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("progress")

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.percent} %"


class Attempt(models.Model):
    """One go at the questions of one unit. `points` of `max_points` as scored when it was submitted, or as a void
    lifted them since.

    While it is open, `kept` holds what was answered so far by node key, never scored, and `kept_by` the page that wrote
    each (`lms.merging`); its end empties both.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attempts")
    unit_key = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    points = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    max_points = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    kept = models.JSONField(null=True, blank=True)
    kept_by = models.JSONField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attempt")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "unit_key", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "unit_key"],
                condition=models.Q(submitted_at__isnull=True),
                name="attempt_one_open_per_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.unit_key}"


class Response(models.Model):
    """What was answered to one node, and what it earned by the version it was scored with."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    node_key = models.CharField(max_length=64)
    version_id = models.UUIDField()
    response = models.JSONField(default=dict)
    points = models.DecimalField(max_digits=5, decimal_places=2)
    max_points = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("response")
        constraints = [models.UniqueConstraint(fields=["attempt", "node_key"], name="response_once_per_node")]

    def __str__(self) -> str:
        return f"{self.node_key}: {self.points}/{self.max_points}"


class Completion(models.Model):
    """That an edition was passed. `score` only ever rises, when a withdrawn node leaves the denominator."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="completion")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    course_id = models.UUIDField()
    edition_id = models.UUIDField()
    completed_at = models.DateTimeField()
    score = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("completion")
        indexes = [
            models.Index(fields=["person", "-completed_at"], name="completion_by_person"),
            models.Index(fields=["organisation", "completed_at"], name="completion_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"completion {self.pk}"

    def facts(self) -> CompletionFacts:
        return CompletionFacts(
            id=self.pk,
            enrolment_id=self.enrolment_id,
            person_id=self.person_id,
            course_id=self.course_id,
            edition_id=self.edition_id,
            organisation_id=self.organisation_id,
            completed_at=self.completed_at,
            score=self.score,
        )


class Position(models.Model):
    """Where a video of an enrolment was left, in seconds from its start."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="positions")
    node_key = models.CharField(max_length=64)
    seconds = models.FloatField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("position")
        constraints = [models.UniqueConstraint(fields=["enrolment", "node_key"], name="position_once_per_node")]

    def __str__(self) -> str:
        return f"{self.node_key} {self.seconds:.0f} s"
