"""How many licensed doctors an organisation has, as it reports them for a statistics year."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from directory.models.organisation import Organisation

FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_DOCTORS = 20_000  # more than any hospital has: a typing error


class LicensedDoctors(models.Model):
    """Licensed and licensed assistant physicians (执业（助理）医师) of one house at the end of `year`, as in its yearly
    health statistics; whether they have an account does not matter.

    A year has one number, earlier years stay. What a corrected number was before stands in the trail.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="licensed_doctors")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("licensed doctors")
        ordering = ["organisation", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="licensed_doctors_once_a_year"),
            models.CheckConstraint(
                condition=models.Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="licensed_doctors_year_known"
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=0, number__lte=MOST_DOCTORS), name="licensed_doctors_plausible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}: {self.number}"
