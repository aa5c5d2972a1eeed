"""The only source of rights: a role, held by a person, in an organisation and all below it, for a time."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class RoleGrant(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="grants")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    granted_by_id = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("role grant")
        indexes = [models.Index(fields=["person", "role"]), models.Index(fields=["organisation", "role"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="role_grant_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} @ {self.organisation_id}"

    @property
    def last_day(self) -> date | None:
        """The last day, where the people live, on which it holds; None without an end."""
        if self.ends_at is None:
            return None
        return timezone.localdate(self.ends_at - timedelta(microseconds=1))
