"""Organisations in five levels, their departments, and who belongs to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class Level(models.IntegerChoices):
    PROVINCE = 1, _("Province")
    CITY = 2, _("City")
    COUNTY = 3, _("County")
    TOWNSHIP = 4, _("Township")
    VILLAGE = 5, _("Village")


class OrganisationKind(models.TextChoices):
    AUTHORITY = "authority", _("Health commission")
    HOSPITAL = "hospital", _("Hospital")
    TOWNSHIP_CENTRE = "township_centre", _("Township health centre")
    VILLAGE_CLINIC = "village_clinic", _("Village clinic")


class Organisation(models.Model):
    """One node of the tree. `path` is its ancestors' codes and its own, each four digits and a slash: "0001/0012/"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=64, unique=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    is_active = models.BooleanField(default=True)
    authors_courses = models.BooleanField(default=False)
    map_column = models.SmallIntegerField(null=True, blank=True)
    map_row = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["path"]
        verbose_name = _("organisation")
        constraints = [
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=5), name="organisation_level_known"),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the language of whoever is served now."""
        return self.display_name(get_language() or "")

    def display_name(self, language: str) -> str:
        """The name in the reader's language; Chinese where no English one was given."""
        return self.name_en if language == "en" and self.name_en else self.name


class Department(models.Model):
    """A department (科室) of one organisation; `specialty` is the shared key that triage and work lists use."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="departments")
    specialty = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("department")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "specialty"], name="department_once_per_organisation")
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the language of whoever is served now; Chinese where no English one was given."""
        return self.name_en if get_language() == "en" and self.name_en else self.name


class Membership(models.Model):
    """Where a person works, in which department and with which professional title."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)
    title = models.CharField(max_length=40, blank=True)
    is_primary = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="membership_once"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_primary=True), name="membership_one_primary"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.organisation_id}"
