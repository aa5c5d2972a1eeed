"""The way in for somebody new: an administrator invites, the person sets user name and password."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.crypto.fields import EncryptedTextField
from core.ids import uuid7


class Invitation(models.Model):
    """Open until accepted or until `expires_at`. The link's secret is a keyed MAC of the id: nothing is stored.

    `role` and no inviter: one of the first three administrators, whom the installation itself invites.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    phone = EncryptedTextField(purpose="person.phone", null=True, blank=True)
    role = models.CharField(max_length=30, blank=True, default="", db_default="")
    invited_by_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    person = models.OneToOneField("directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("invitation")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, person__isnull=True)
                | models.Q(accepted_at__isnull=False, person__isnull=False),
                name="invitation_accepted_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.name
