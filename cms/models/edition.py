"""What was published: immutable, by references; and the small overlay that may change beside it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.errors import EditionIsImmutable
from cms.models.course import Course
from cms.states import CourseLevel, Language, Subject
from core.ids import uuid7


class CourseEdition(models.Model):
    """One published edition. `manifest` is exactly what the reviewers saw; its hash is `content_hash`.

    The columns repeat the manifest's for the catalogue. Case titles, captions and pictures are not in it. `cover` is
    its face, for the card: what the author chose (`cms.faces.freeze`), else the first picture of the site's own:
    {"url", "width", "height", "alt"}; {} without any.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10, choices=Language.choices)
    subject = models.CharField(max_length=20, choices=Subject.choices)
    level = models.CharField(max_length=14, choices=CourseLevel.choices)
    learning_minutes = models.PositiveSmallIntegerField()
    pass_percent = models.PositiveSmallIntegerField()
    attempts_allowed = models.PositiveSmallIntegerField(default=3, db_default=3)
    manifest = models.JSONField()
    content_hash = models.CharField(max_length=100)
    cover = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    round_id = models.UUIDField()
    published_by_id = models.UUIDField(null=True)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("course edition")
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="course_edition_numbered")]
        indexes = [models.Index(fields=["-published_at"], name="course_edition_newest")]

    def __str__(self) -> str:
        return f"{self.title} #{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only. Raises EditionIsImmutable."""
        if not self._state.adding:
            raise EditionIsImmutable
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise EditionIsImmutable


class EditionReference(models.Model):
    """Which node of which edition refers to which version, so that a withdrawal finds every place at once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, related_name="references")
    node_key = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=80, db_index=True)

    class Meta:
        verbose_name = _("reference of an edition")
        constraints = [models.UniqueConstraint(fields=["edition", "node_key"], name="edition_reference_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class EditionPicture(models.Model):
    """A file of `cms.pictures.FOLDER` that an edition shows: with it, and not before, everybody may see the file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, related_name="pictures")
    name = models.CharField(max_length=100, db_index=True)

    class Meta:
        verbose_name = _("picture of an edition")
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="edition_picture_once")]

    def __str__(self) -> str:
        return self.name


class EditionOverlay(models.Model):
    """What may change beside an edition. `epoch` grows with each change, so that caches can tell.

    `voids`: node key -> reason code; such a node shows a tombstone and leaves the denominator. `errata`: node key ->
    text. `facts`: what higher rooms tell the catalogue, the credits among them (see `cms.api.set_course_facts`).
    """

    edition = models.OneToOneField(CourseEdition, primary_key=True, on_delete=models.PROTECT, related_name="overlay")
    voids = models.JSONField(default=dict)
    errata = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    epoch = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("edition overlay")

    def __str__(self) -> str:
        return f"{self.edition_id} @{self.epoch}"
