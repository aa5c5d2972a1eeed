"""The patient: identified, owned by one organisation."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult_bridge.models.scoping import PatientQuerySet
from consult_bridge.vocabulary import Sex
from core.crypto.fields import EncryptedTextField
from core.ids import uuid7


class Patient(models.Model):
    """A person in care. Id number, phone and address are sealed; the first two have a blind index for look-up.

    The name stays plain because QIDO and work lists search it with wildcards. `record_number` is the hospital's own
    patient number, the DICOM Patient ID (0010,0020) of its studies.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    record_number = models.CharField(_("patient number"), max_length=64, blank=True)
    id_number = EncryptedTextField(purpose="patient.id_number", null=True, blank=True)
    id_number_index = models.CharField(max_length=100, blank=True, default="", db_index=True, editable=False)
    phone = EncryptedTextField(purpose="patient.phone", null=True, blank=True)
    phone_index = models.CharField(max_length=100, blank=True, default="", db_index=True, editable=False)
    address = EncryptedTextField(purpose="patient.address", null=True, blank=True)
    created_at = models.DateTimeField()

    unscoped = models.Manager()
    objects = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient")
        indexes = [models.Index(fields=["organisation", "name"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "record_number"],
                condition=~models.Q(record_number=""),
                name="patient_record_number_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def age_on(self, day: date) -> int | None:
        """Completed years on `day`; None when the date of birth is not known."""
        if self.birth_date is None:
            return None
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (0 if had_birthday else 1)
