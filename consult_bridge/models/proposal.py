"""Why a doctor wants others to learn from a consult: free text, so it stays on this side."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult_bridge.models.consult import Consult
from consult_bridge.models.scoping import OfConsultQuerySet
from core.crypto.fields import EncryptedTextField


class TeachingReason(models.Model):
    """What the proposing doctor wrote, as it was written. Teaching rooms see it only as a release's cleaned text."""

    consult = models.OneToOneField(Consult, primary_key=True, on_delete=models.CASCADE, related_name="teaching_reason")
    text = EncryptedTextField(purpose="consult_bridge.teaching_reason", blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = OfConsultQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for teaching")

    def __str__(self) -> str:
        return str(self.pk)
