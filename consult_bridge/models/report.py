"""The imaging report (影像诊断报告) on one study, its versions, and the critical value (危急值) it may hold."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult_bridge.models.consult import Consult
from consult_bridge.models.record import identified_storage
from consult_bridge.models.scoping import OfConsultQuerySet
from consult_bridge.models.written import PrintedDocument, WrittenDocument, WrittenRevision
from consult_bridge.states import CRITICAL_VALUE
from core.ids import uuid7


class ReportTexts(models.Model):
    """The parts of an imaging report, in the order in which it is read (American College of Radiology, Practice
    Parameter for Communication of Diagnostic Imaging Findings).

    `critical_value` is the one sentence that cannot wait, empty for most reports; `change_reason` says what a further
    version changed and why.
    """

    examination = models.CharField(pgettext_lazy("imaging", "examination"), max_length=120, blank=True)
    technique = models.TextField(pgettext_lazy("imaging", "technique"), blank=True)
    comparison = models.TextField(pgettext_lazy("imaging", "comparison"), blank=True)
    findings = models.TextField(pgettext_lazy("imaging", "imaging findings"), blank=True)
    impression = models.TextField(pgettext_lazy("imaging", "diagnostic impression"), blank=True)
    critical_value = models.CharField(_("critical value"), max_length=300, blank=True)
    change_reason = models.TextField(_("what changed and why"), blank=True)

    class Meta:
        abstract = True


class Report(ReportTexts, WrittenDocument):
    """The report on one study (its id in the image archive). Version 1 is the report; each further version corrects
    the one before (更正报告), which stays readable. Always two doctors: nobody signs an imaging report alone."""

    TEXTS: ClassVar[tuple[str, ...]] = (
        "examination",
        "technique",
        "comparison",
        "findings",
        "impression",
        "critical_value",
        "change_reason",
    )
    REQUIRED: ClassVar[tuple[str, ...]] = ("examination", "technique", "findings", "impression")

    study_id = models.UUIDField(db_index=True)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta(WrittenDocument.Meta):
        verbose_name = _("imaging report")
        indexes = [models.Index(fields=["consult"], condition=Q(signed_at__isnull=True), name="report_unsigned")]
        constraints = [
            *WrittenDocument.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "amended"])
                | Q(checked_by__isnull=False, checked_by=models.F("signed_by")),
                name="report_signed_by_its_checker",
            ),
            models.CheckConstraint(
                condition=Q(version=1, amends__isnull=True) | Q(version__gt=1, amends__isnull=False),
                name="report_later_version_amends",
            ),
            models.UniqueConstraint(fields=["consult", "study_id", "version"], name="report_version_once"),
        ]


class ReportRevision(ReportTexts, WrittenRevision):
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="revisions")

    class Meta(WrittenRevision.Meta):
        verbose_name = _("report revision")
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_revision_once")]

    def __str__(self) -> str:
        return f"{self.report_id} r{self.number}"


class ReportDocument(PrintedDocument):
    report = models.OneToOneField(Report, primary_key=True, on_delete=models.CASCADE, related_name="document")
    file = models.FileField(upload_to="reports/%Y/%m/", storage=identified_storage)

    class Meta:
        verbose_name = _("report document")


class CriticalValue(models.Model):
    """A finding that endangers the patient now, told before the report is finished, with a clock of its own.

    The requesting side acknowledges it and reads back what it understood; past `due_at` it goes to the coordinators.
    It is withdrawn where the second doctor does not confirm it, or another text takes its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.PROTECT, related_name="critical_values")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="critical_values")
    study_id = models.UUIDField()
    text = models.CharField(max_length=300)
    state = models.CharField(max_length=16, choices=CRITICAL_VALUE.choices, default=CRITICAL_VALUE.initial)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    read_back = models.TextField(_("read-back"), blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()
    objects = OfConsultQuerySet.as_manager()

    class Meta:
        verbose_name = _("critical value")
        ordering = ["raised_at", "id"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [
            CRITICAL_VALUE.constraint("critical_value"),
            models.UniqueConstraint(
                fields=["consult", "study_id"], condition=~Q(state="withdrawn"), name="critical_value_one_stands"
            ),
            models.CheckConstraint(
                condition=~Q(state="acknowledged")
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False) & ~Q(read_back=""),
                name="critical_value_read_back",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="critical_value_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
