"""The consult, who may see it, and what happened to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult_bridge.models.patient import Patient
from consult_bridge.models.scoping import ConsultQuerySet
from consult_bridge.states import CONSULT
from consult_bridge.vocabulary import ServiceType, Urgency
from core.ids import uuid7


class Consult(models.Model):
    """One question about one patient, from a requesting to a receiving organisation.

    The form mints the primary key, so a second click meets its own row. `revision` rises with each change and guards
    stale forms. `checker` is a second doctor of another hospital, named where nobody of the receiving one is left to
    check. `resume_state` is where an awaited supply of information leads back to; while `paused_at` is set the clock
    stands still.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consults")
    requesting_organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    receiving_organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    specialty = models.CharField(_("specialty"), max_length=40)
    service_type = models.CharField(_("service type"), max_length=24, choices=ServiceType.choices)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices)
    subject = models.CharField(_("subject"), max_length=80)
    question = models.TextField(pgettext_lazy("consult", "question"))
    accession_number = models.CharField(_("accession number"), max_length=64, blank=True)
    state = models.CharField(max_length=24, choices=CONSULT.choices, default=CONSULT.initial)
    resume_state = models.CharField(max_length=24, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()
    objects = ConsultQuerySet.as_manager()

    class Meta:
        verbose_name = _("consult")
        indexes = [
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["expert", "state"]),
            models.Index(fields=["requesting_organisation", "submitted_at"]),
            models.Index(fields=["receiving_organisation", "state"]),
            models.Index(fields=["accession_number"]),
        ]
        constraints = [
            CONSULT.constraint("consult"),
            models.CheckConstraint(condition=models.Q(urgency__in=Urgency.values), name="consult_urgency_known"),
            models.CheckConstraint(condition=models.Q(service_type__in=ServiceType.values), name="consult_type_known"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConsultScope(models.Model):
    """One row per participating organisation and each of its ancestors. `participant` is the token the row was written
    for. The people who answer are no participants of their own: they see a consult while they belong to one. Only a
    second doctor of another hospital has a row, until the end."""

    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="scope")
    participant = models.CharField(max_length=40)
    token = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("consult scope")
        indexes = [models.Index(fields=["token", "consult"])]
        constraints = [
            models.UniqueConstraint(fields=["consult", "participant", "token"], name="consult_scope_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consult_id} {self.token}"


class ConsultStep(models.Model):
    """One change of state: who, when, what was said. The page's history and the stepper's times. `assigned_to` is the
    expert whom an assignment names; it stays when the consult goes to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=40)
    to_state = models.CharField(max_length=24)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("consult step")
        ordering = ["happened_at", "id"]
        indexes = [models.Index(fields=["consult", "happened_at"])]

    def __str__(self) -> str:
        return f"{self.consult_id} {self.verb}"
