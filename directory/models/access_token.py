"""Keys for machines: a modality, a gateway, a record system. Only a digest of the secret is kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class AccessToken(models.Model):
    """A person's key for one machine, limited to `scopes` (names of `directory.scopes.SCOPES`).

    What the machine sends belongs to `organisation`. `last_used_on` is a local day, so that use costs no write per
    request.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="access_tokens")
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="access_tokens")
    label = models.CharField(_("label"), max_length=80)
    secret_digest = models.CharField(max_length=120, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("access token")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="access_token_expires_after_creation"
            )
        ]

    def __str__(self) -> str:
        return self.label
