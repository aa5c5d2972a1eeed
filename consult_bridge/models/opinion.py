"""What the expert writes, a second doctor checks, and both stand for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from consult_bridge.models.record import identified_storage
from consult_bridge.models.written import PrintedDocument, WrittenDocument, WrittenRevision


class OpinionTexts(models.Model):
    """What the expert writes: from the findings over the impression to the recommendation.

    `change_reason` says what an amendment changed and why; empty in the first opinion.
    """

    findings = models.TextField(_("findings"), blank=True)
    impression = models.TextField(_("impression"), blank=True)
    recommendation = models.TextField(_("recommendation"), blank=True)
    change_reason = models.TextField(_("what changed and why"), blank=True, default="", db_default="")

    class Meta:
        abstract = True


class Opinion(OpinionTexts, WrittenDocument):
    """The opinion of a consult. Version 1 is the opinion, and moves the consult; each further version amends the one
    before (更正), which stays readable, beside a consult that is signed or closed."""

    TEXTS: ClassVar[tuple[str, ...]] = ("findings", "impression", "recommendation", "change_reason")
    REQUIRED: ClassVar[tuple[str, ...]] = TEXTS[:3]

    version = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta(WrittenDocument.Meta):
        verbose_name = _("opinion")
        indexes = [
            models.Index(
                fields=["consult"],
                condition=models.Q(amends__isnull=False, signed_at__isnull=True),
                name="opinion_correction_unsigned",
            )
        ]
        constraints = [
            *WrittenDocument.Meta.constraints,
            models.UniqueConstraint(
                fields=["consult"], condition=models.Q(amends__isnull=True), name="opinion_one_per_consult"
            ),
            models.CheckConstraint(
                condition=models.Q(version=1, amends__isnull=True) | models.Q(version__gt=1, amends__isnull=False),
                name="opinion_later_version_amends",
            ),
            models.UniqueConstraint(fields=["consult", "version"], name="opinion_version_once"),
        ]


class OpinionRevision(OpinionTexts, WrittenRevision):
    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="revisions")

    class Meta(WrittenRevision.Meta):
        verbose_name = _("opinion revision")
        constraints = [models.UniqueConstraint(fields=["opinion", "number"], name="opinion_revision_once")]

    def __str__(self) -> str:
        return f"{self.opinion_id} r{self.number}"


class OpinionDocument(PrintedDocument):
    opinion = models.OneToOneField(Opinion, primary_key=True, on_delete=models.CASCADE, related_name="document")
    file = models.FileField(upload_to="opinions/%Y/%m/", storage=identified_storage)

    class Meta:
        verbose_name = _("opinion document")
