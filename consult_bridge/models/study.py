"""Imaging studies of consults, and studies that arrived and wait for their consult."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult_bridge.models.consult import Consult
from consult_bridge.models.scoping import OfConsultQuerySet
from core.ids import uuid7


class AttachedHow(models.TextChoices):
    MATCHED = "matched", _("Matched by accession and patient number")
    UPLOADED = "uploaded", _("Uploaded with the consult")
    BY_HAND = "by_hand", _("Attached by hand")


class ConsultUpload(models.Model):
    """Files that were sent with a consult's own form. Their studies come to it when the header names its patient.

    `refused_at`: some files could not be stored; `read_at`: somebody of the requesting side has read which.
    """

    upload_id = models.UUIDField(primary_key=True)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="uploads")
    created_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("upload with a consult")

    def __str__(self) -> str:
        return str(self.pk)


class ConsultStudy(models.Model):
    """A study of the image archive, by its id. With a `mismatch_reason` it counts only once a second person confirmed
    that it is the same patient."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="studies")
    study_id = models.UUIDField(db_index=True)
    how = models.CharField(max_length=12, choices=AttachedHow.choices)
    is_attached = models.BooleanField(default=True)
    mismatch_reason = models.TextField(blank=True)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attached_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()
    objects = OfConsultQuerySet.as_manager()

    class Meta:
        verbose_name = _("study of a consult")
        ordering = ["attached_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["consult", "study_id"], name="consult_study_once"),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("attached_by")),
                name="consult_study_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(is_attached=False)
                | models.Q(mismatch_reason="")
                | models.Q(confirmed_by__isnull=False),
                name="consult_study_mismatch_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consult_id} {self.study_id}"


class ArrivedStudy(models.Model):
    """Arrived, not attached: a study that matched no open consult. `consult` is the one it was sent with, or whose
    accession number it carries, where its header does not show that it is its
    patient's: the requesting side looks whose it is."""

    study_id = models.UUIDField(primary_key=True)
    consult = models.ForeignKey(Consult, null=True, blank=True, on_delete=models.SET_NULL, related_name="set_aside")
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField()
    attached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("arrived study")
        indexes = [models.Index(fields=["organisation", "attached_at"])]

    def __str__(self) -> str:
        return str(self.pk)


class RefusedStudy(models.Model):
    """The requesting side said that a study shows another patient: its next file asks no more at this consult. Who said
    it stands in `StudyDecision`, which stays when this row is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="refused_studies")
    study_id = models.UUIDField(db_index=True)
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = _("study that is not of this patient")
        constraints = [models.UniqueConstraint(fields=["consult", "study_id"], name="refused_study_once")]

    def __str__(self) -> str:
        return f"{self.consult_id} {self.study_id}"


class Said(StrEnum):
    """What can be said of a study and leaves no other row behind."""

    SET_ASIDE = "set_aside"
    SAME_PATIENT = "same_patient"
    OTHER_PATIENT = "other_patient"
    TAKEN_BACK = "taken_back"


class StudyDecision(models.Model):
    """What was said, and undone, of whose images a study shows: kept for the history when the row that it changed is
    gone. `person` is empty where the header was compared by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="study_decisions")
    study_id = models.UUIDField()
    said = models.CharField(max_length=16)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision on a study")
        ordering = ["said_at", "id"]
        indexes = [models.Index(fields=["consult", "said_at"])]

    def __str__(self) -> str:
        return f"{self.consult_id} {self.study_id} {self.said}"
