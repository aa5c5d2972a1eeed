"""Certificates: what was certified is kept as it was on the day; only the state moves, once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.ids import uuid7
from credits.models.ledger import PERMISSION, CreditEntry
from credits.states import CERTIFICATE


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, actor: Actor) -> CertificateQuerySet:
        """One's own, and those of the organisations whose credits the actor administers."""
        condition = models.Q(person=actor.person_id) if actor.person_id else models.Q(pk__in=[])
        for path in {g.organisation_path for g in actor.grants if PERMISSION in g.permissions}:
            condition |= models.Q(entry__organisation__path__startswith=path)
        return self.filter(condition)


class CertificateManager(models.Manager["Certificate"]):
    def visible_to(self, actor: Actor) -> CertificateQuerySet:
        return CertificateQuerySet(self.model, using=self._db).visible_to(actor)


class Certificate(models.Model):
    """`number` is for people to type; the id stands in the printed code's address. `snapshot` holds the printed facts:
    names, institution, masked mobile number, title, credits, dates; a later change of any of them prints nothing new.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=24, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(CreditEntry, on_delete=models.PROTECT, related_name="certificate")
    state = models.CharField(max_length=10, choices=CERTIFICATE.choices, default=CERTIFICATE.initial)
    snapshot = models.JSONField()
    issued_at = models.DateTimeField()
    job_id = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_reason = models.CharField(max_length=400, blank=True)

    unscoped = models.Manager()
    objects = CertificateManager()

    class Meta:
        verbose_name = _("certificate")
        constraints = [CERTIFICATE.constraint("certificate")]
        indexes = [models.Index(fields=["person", "-issued_at"], name="certificate_by_person")]

    def __str__(self) -> str:
        return self.number


class CertificateDocument(models.Model):
    """The rendered PDF (about 25 KB), apart from the certificate so that lists do not read it. `digest` is SHA-256."""

    certificate = models.OneToOneField(Certificate, on_delete=models.CASCADE, primary_key=True, related_name="document")
    content = models.BinaryField()
    digest = models.CharField(max_length=80)
    rendered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("certificate document")

    def __str__(self) -> str:
        return str(self.certificate_id)
