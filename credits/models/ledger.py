"""The ledger: append-only in Django, and in the database by triggers (see the migration beside)."""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.ids import uuid7
from credits.errors import LedgerIsAppendOnly
from credits.models.scheme import SchemeVersion

PERMISSION = "credit.administer"


class CreditActivity(models.Model):
    """What something is worth under a scheme version: an edition, fixed when it was published, or an activity outside
    this platform whose credits were brought in from an earlier system; the latter has neither course nor edition.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="activities")
    course_id = models.UUIDField(null=True, blank=True)
    edition_id = models.UUIDField(null=True, blank=True)
    project_number = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=20)
    credit_class = models.CharField(max_length=20)
    subject = models.CharField(max_length=20)
    credits = models.DecimalField(max_digits=6, decimal_places=2)
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("credit activity")
        constraints = [models.UniqueConstraint(fields=["scheme_version", "edition_id"], name="activity_once")]

    def __str__(self) -> str:
        return self.project_number


class LedgerQuerySet(models.QuerySet["CreditEntry"]):
    """Reads and inserts; what would change or delete raises LedgerIsAppendOnly."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly

    def delete(self) -> NoReturn:
        raise LedgerIsAppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly

    def visible_to(self, actor: Actor) -> LedgerQuerySet:
        """One's own entries, and those of the organisations whose credits the actor administers."""
        condition = models.Q(person=actor.person_id) if actor.person_id else models.Q(pk__in=[])
        for path in {g.organisation_path for g in actor.grants if PERMISSION in g.permissions}:
            condition |= models.Q(organisation__path__startswith=path)
        return self.filter(condition)


class CreditEntryManager(models.Manager["CreditEntry"]):
    def get_queryset(self) -> LedgerQuerySet:
        return LedgerQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> LedgerQuerySet:
        return self.get_queryset().visible_to(actor)


class CreditEntry(models.Model):
    """One line of the ledger. A reversal is a second line with the negative figures that points to the first.

    `source` says what brought the line (a completion). `counts_as` says what it counts as, so that the same course
    does not count again: course, first day of the credit year, and how often it was entered and reversed before in
    that year.

    A line has two days: `earned_on` is the one that it belongs to and is counted by, `entered_on` when it was written.
    A reversal belongs to the day of the line that it takes back (ADR 0037).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(CreditActivity, on_delete=models.PROTECT, related_name="entries")
    source = models.CharField(max_length=60)
    counts_as = models.CharField(max_length=60, null=True, editable=False)
    credits = models.DecimalField(max_digits=6, decimal_places=2)
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    earned_on = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=400, blank=True)

    unscoped = CreditEntryManager()
    objects = CreditEntryManager()

    class Meta:
        verbose_name = _("credit entry")
        constraints = [
            models.UniqueConstraint(fields=["person", "source", "scheme_version"], name="entry_once_per_source"),
            models.UniqueConstraint(
                fields=["person", "counts_as"],
                condition=models.Q(reverses__isnull=True),
                name="entry_counts_once",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, credits__gte=0, hours__gte=0)
                | models.Q(reverses__isnull=False, credits__lte=0, hours__lte=0),
                name="entry_sign",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True) | ~models.Q(reason=""), name="entry_reversal_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "earned_on"], name="entry_by_person"),
            models.Index(fields=["organisation", "earned_on"], name="entry_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.credits}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly

    @property
    def entered_on(self) -> date:
        """The local day on which the line was written."""
        return timezone.localdate(self.entered_at)
