"""What a doctor has typed into an opinion or a report and not saved yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult_bridge.models.consult import Consult
from core.crypto.fields import EncryptedTextField
from core.ids import uuid7


class UnsavedText(models.Model):
    """Kept by the page itself, sealed, for its writer alone. It is no part of the document: it moves no state, and
    nobody checks or signs it, until its writer saves it.

    `study_id` is the study of an imaging report, empty for the opinion. `revision` is the saved text it was typed over;
    `body` is JSON of the form's texts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="unsaved_texts")
    study_id = models.UUIDField(null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    body = EncryptedTextField(purpose="consult.unsaved_text")
    revision = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("unsaved text")
        constraints = [
            models.UniqueConstraint(
                fields=["consult", "person"], condition=models.Q(study_id__isnull=True), name="unsaved_opinion_once"
            ),
            models.UniqueConstraint(
                fields=["consult", "study_id", "person"],
                condition=models.Q(study_id__isnull=False),
                name="unsaved_report_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
