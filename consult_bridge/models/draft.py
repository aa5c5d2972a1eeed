"""A request that is not sent yet: what was typed, and the files that were chosen for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult_bridge.models.record import identified_storage
from core.crypto.fields import EncryptedTextField
from core.ids import uuid7
from media_pipeline.contracts import RefusedFile


class ConsultDraft(models.Model):
    """A request form as it was typed so far, sealed, kept for its writer alone. `body` is JSON of the form's fields.

    Nobody keeps it for ever: `warned_at` is when its writer was told that it will be deleted unless it is saved again.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    body = EncryptedTextField(purpose="consult.draft")
    saved_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("draft request")
        indexes = [models.Index(fields=["person", "saved_at"])]

    def __str__(self) -> str:
        return str(self.pk)


class GoneDraft(models.Model):
    """The key of a draft that was deleted, so that a form still open in another window cannot bring it back.

    As long as it stands, files of this draft may still wait to be removed from the store.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    gone_at = models.DateTimeField()
    has_expired = models.BooleanField(help_text="Nobody deleted it: it was kept long enough")

    class Meta:
        verbose_name = _("deleted draft")
        indexes = [models.Index(fields=["gone_at"])]

    def __str__(self) -> str:
        return str(self.pk)


class DraftFileKind(models.TextChoices):
    PAGE = "page", _("Scanned page")
    IMAGE = "image", _("Image file")


class DraftFile(models.Model):
    """A file chosen for a request, kept until the request is sent and the file is where it belongs.

    `draft_id` is the key of the draft and later of the consult: image files outlive the draft until the archive has
    them. Only `person`, who wrote the draft, ever sees them here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft_id = models.UUIDField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=DraftFileKind.choices)
    title = models.CharField(max_length=120)
    file = models.FileField(upload_to="drafts/", storage=identified_storage)
    content_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    problem = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="why the archive will not store it"
    )
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file of a draft request")
        ordering = ["added_at", "id"]
        indexes = [models.Index(fields=["draft_id", "kind"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DraftFileKind.values), name="draft_file_kind_known"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def trouble(self) -> RefusedFile | None:
        """Why the archive will not store it, and what to do; None where nothing is known against it."""
        return RefusedFile(self.draft_id, self.title, self.size, self.problem) if self.problem else None

    @property
    def warning(self) -> str:
        """The same in words; "" where nothing is known against it."""
        trouble, result = self.trouble, _("This file will not be stored.")
        return f"{result} {trouble.sentence} {trouble.advice}" if trouble else ""
