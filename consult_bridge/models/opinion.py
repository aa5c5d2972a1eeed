"""What the expert writes, a second doctor checks, and both stand for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult_bridge.models.consult import Consult
from consult_bridge.models.record import identified_storage
from consult_bridge.models.scoping import OfConsultQuerySet
from consult_bridge.states import REPORT
from core.ids import uuid7


class OpinionKind(models.TextChoices):
    OPINION = "opinion", _("Consult opinion")
    IMAGING_REPORT = "imaging_report", _("Imaging report")


class Opinion(models.Model):
    """A written document of a consult: the opinion itself, or an imaging report on one of its studies.

    `revision` counts saves and guards stale forms. Once signed nothing in the row changes but its state, when a
    further opinion amends it; `content_hash` covers texts, names and time, and `signature` covers the hash.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.PROTECT, related_name="opinions")
    kind = models.CharField(max_length=16, choices=OpinionKind.choices, default=OpinionKind.OPINION)
    amends = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendment")
    study_id = models.UUIDField(null=True, blank=True)
    template = models.CharField(max_length=40, blank=True)
    findings = models.TextField(_("findings"), blank=True)
    impression = models.TextField(_("impression"), blank=True)
    recommendation = models.TextField(_("recommendation"), blank=True)
    state = models.CharField(max_length=16, choices=REPORT.choices, default=REPORT.initial)
    revision = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(max_length=90, blank=True)
    signature = models.TextField(blank=True)
    return_reason = models.TextField(blank=True)

    unscoped = models.Manager()
    objects = OfConsultQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion")
        ordering = ["created_at", "id"]
        constraints = [
            REPORT.constraint("opinion"),
            models.CheckConstraint(
                condition=models.Q(checked_by__isnull=True) | ~models.Q(checked_by=models.F("written_by")),
                name="opinion_checker_is_not_writer",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["signed", "amended"])
                | models.Q(signed_at__isnull=False, signed_by__isnull=False) & ~models.Q(content_hash=""),
                name="opinion_signed_is_complete",
            ),
            models.UniqueConstraint(
                fields=["consult", "kind"],
                condition=models.Q(amends__isnull=True, kind="opinion"),
                name="opinion_one_per_consult",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_signed(self) -> bool:
        return self.state in {"signed", "amended"}


class OpinionRevision(models.Model):
    """The texts as they were saved, append-only: what the checker changed can be shown."""

    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    findings = models.TextField(blank=True)
    impression = models.TextField(blank=True)
    recommendation = models.TextField(blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("opinion revision")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["opinion", "number"], name="opinion_revision_once")]

    def __str__(self) -> str:
        return f"{self.opinion_id} r{self.number}"


class OpinionDocument(models.Model):
    """The PDF of a signed opinion, made by a job after signing."""

    opinion = models.OneToOneField(Opinion, primary_key=True, on_delete=models.CASCADE, related_name="document")
    file = models.FileField(upload_to="opinions/%Y/%m/", storage=identified_storage)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="bytes")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("opinion document")

    def __str__(self) -> str:
        return str(self.pk)
