"""The clinical record that travels with a consult: texts, vitals and laboratory values as rows, scanned pages."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult_bridge.models.consult import Consult
from consult_bridge.models.scoping import OfConsultQuerySet
from core.ids import uuid7


def identified_storage() -> Storage:
    """The store of identified files; a callable, so that migrations name no folder."""
    return storages["identified"]


class ClinicalRecord(models.Model):
    """The structured record of one consult, as it was when the question was asked."""

    consult = models.OneToOneField(Consult, primary_key=True, on_delete=models.CASCADE, related_name="record")
    chief_complaint = models.TextField(_("chief complaint"), blank=True)
    present_history = models.TextField(_("history of present illness"), blank=True)
    past_history = models.TextField(_("past history"), blank=True)
    medication = models.TextField(_("medication"), blank=True)
    allergies = models.TextField(_("allergies"), blank=True)
    examination = models.TextField(_("examination"), blank=True)

    unscoped = models.Manager()
    objects = OfConsultQuerySet.as_manager()

    class Meta:
        verbose_name = _("clinical record")

    def __str__(self) -> str:
        return str(self.pk)


class VitalSign(models.Model):
    """One measurement; `kind` is a key of `vocabulary.VITALS`, which holds its unit."""

    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="vitals")
    kind = models.CharField(max_length=24)
    value = models.DecimalField(max_digits=7, decimal_places=2)
    unit = models.CharField(max_length=16)
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("vital sign")

    def __str__(self) -> str:
        return f"{self.kind} {self.value} {self.unit}"


class LabResult(models.Model):
    """One laboratory value with its unit and the laboratory's own reference range; several dates make a trend."""

    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="labs")
    analyte = models.CharField(_("analyte"), max_length=60)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    low = models.DecimalField(_("lower limit"), max_digits=12, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(_("upper limit"), max_digits=12, decimal_places=4, null=True, blank=True)
    taken_on = models.DateField(_("taken on"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("laboratory value")
        ordering = ["position", "taken_on", "id"]
        indexes = [models.Index(fields=["consult", "analyte", "taken_on"])]

    def __str__(self) -> str:
        return f"{self.analyte} {self.value} {self.unit}"

    @property
    def deviation(self) -> str:
        """ "high", "low", or empty inside the range or without one."""
        if self.high is not None and Decimal(self.value) > self.high:
            return "high"
        if self.low is not None and Decimal(self.value) < self.low:
            return "low"
        return ""


class RecordAttachment(models.Model):
    """A scanned page or document: PDF, JPEG or PNG by its content, never by its name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="attachments")
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(upload_to="records/%Y/%m/", storage=identified_storage)
    content_type = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = OfConsultQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        ordering = ["uploaded_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)
