"""Consent to teaching use: apart from consent to care, on its own form, and it can be taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult_bridge.models.consult import Consult
from consult_bridge.models.record import identified_storage
from consult_bridge.models.scoping import OfConsultQuerySet
from core.ids import uuid7


class ConsentGiver(models.TextChoices):
    PATIENT = "patient", _("The patient")
    GUARDIAN = "guardian", _("The guardian")


class TeachingConsent(models.Model):
    """A signed form for teaching use of one consult. `wording` names the text that was signed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.PROTECT, related_name="consents")
    given_by = models.CharField(max_length=10, choices=ConsentGiver.choices)
    wording = models.CharField(max_length=20)
    signed_on = models.DateField(_("signed on"))
    form = models.FileField(upload_to="consents/%Y/%m/", storage=identified_storage)
    form_content_type = models.CharField(max_length=40)
    form_sha256 = models.CharField(max_length=64)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.TextField(blank=True)

    unscoped = models.Manager()
    objects = OfConsultQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to teaching use")
        constraints = [
            models.UniqueConstraint(
                fields=["consult"], condition=models.Q(withdrawn_at__isnull=True), name="teaching_consent_one_valid"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConsentRelease(models.Model):
    """A teaching release that was opened on this consent, by its id."""

    release_id = models.UUIDField(primary_key=True)
    consent = models.ForeignKey(TeachingConsent, on_delete=models.PROTECT, related_name="releases")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("release on a consent")

    def __str__(self) -> str:
        return str(self.pk)
