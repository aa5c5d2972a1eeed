"""What identified and teaching images have in common. Abstract: each side has its own tables and its own store."""

from __future__ import annotations

from typing import Any

from django.db import models

from core.ids import uuid7
from media_pipeline.dicom.identifiers import UID_LENGTH


class StudyFields(models.Model):
    """One study as a list shows it. `modalities` is sorted and joined by a backslash, as in (0008,0061)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    study_uid = models.CharField(max_length=UID_LENGTH)
    description = models.CharField(max_length=64, blank=True)
    modalities = models.CharField(max_length=80, blank=True)
    study_date = models.DateField(null=True, blank=True)
    study_time = models.CharField(max_length=16, blank=True)
    patient_sex = models.CharField(max_length=16, blank=True)
    series_count = models.PositiveIntegerField(default=0)
    instance_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.study_uid


class SeriesFields(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series_uid = models.CharField(max_length=UID_LENGTH)
    number = models.IntegerField(null=True, blank=True)
    modality = models.CharField(max_length=16, blank=True)
    description = models.CharField(max_length=64, blank=True)
    body_part = models.CharField(max_length=16, blank=True)
    laterality = models.CharField(max_length=16, blank=True)
    instance_count = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.series_uid


class InstanceFields(models.Model):
    """One DICOM object. `facts` holds what a viewer needs: windows, orientation, spacing (mm), frame time (ms).

    `position` orders the series: millimetres along the slice normal when known, else the instance number.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sop_uid = models.CharField(max_length=UID_LENGTH)
    sop_class_uid = models.CharField(max_length=UID_LENGTH)
    transfer_syntax_uid = models.CharField(max_length=UID_LENGTH)
    number = models.IntegerField(null=True, blank=True)
    position = models.FloatField(default=0.0)
    rows = models.PositiveIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    frames = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.sop_uid

    @property
    def is_image(self) -> bool:
        return self.frames > 0

    def fact(self, name: str, default: Any = None) -> Any:
        return self.facts.get(name, default)
