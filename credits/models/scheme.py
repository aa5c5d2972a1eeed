"""Credit schemes as data, their yearly cycles and what a cycle asks for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ids import uuid7


class Scheme(models.Model):
    """Whose rules these are: the authority's names stand on top of every certificate. `organisation` and everything
    below it is covered; without one the scheme covers whoever no other covers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(pgettext_lazy("title", "name"), max_length=80)
    name_en = models.CharField(max_length=120)
    authority = models.CharField(max_length=80)
    authority_en = models.CharField(max_length=160)
    organisation = models.OneToOneField(
        "directory.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("credit scheme")

    def __str__(self) -> str:
        return self.code

    @property
    def path(self) -> str:
        """Whatever stands below it is covered; "" covers everybody."""
        return self.organisation.path if self.organisation else ""


class SchemeVersion(models.Model):
    """The rules in force from `valid_from` until a later version begins; see `credits.rules` for their shape.

    `began_at` says when its beginning was worked through: the catalogue told, and credited who had waited for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.CharField(max_length=20)
    valid_from = models.DateField()
    rules = models.JSONField()
    began_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("scheme version")
        ordering = ["valid_from"]
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_once")]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.number}"


class Cycle(models.Model):
    """One credit year, both days included; they need not be those of the calendar."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="cycles")
    year = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("credit cycle")
        ordering = ["starts_on"]
        constraints = [models.UniqueConstraint(fields=["scheme_version", "year"], name="cycle_once")]

    def __str__(self) -> str:
        return str(self.year)


class Requirement(models.Model):
    """What everybody of a cycle is asked for. Credits and hours are counted apart: both must be met."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="requirement")
    credits = models.DecimalField(max_digits=6, decimal_places=2)
    hours = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("requirement")

    def __str__(self) -> str:
        return f"{self.credits} / {self.hours}"
