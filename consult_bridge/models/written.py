"""What every signed document of a consult shares: one writes, a second doctor checks, and what is signed stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from consult_bridge.models.consult import Consult
from consult_bridge.models.scoping import OfConsultQuerySet
from consult_bridge.states import REPORT, UNDER_WAY
from core.ids import uuid7


class WrittenDocument(models.Model):
    """A document of one consult, on its way from the writer over the second doctor to the signature.

    `revision` counts saves, on through all versions, and guards stale forms. Once signed nothing in the row changes but
    its state, when a further version amends it; `content_hash` covers texts, people and time, and `signature` covers
    the hash. What is `given_up` is nobody's any more; it keeps its place among the versions, and its revisions, for
    whoever begins it again: `begun_from` is the first of those that are not of what was given up.
    `written_by` alone changes it before it is checked; whoever takes it over is the writer from `taken_over_at` on, and
    `former_writers` can no more be its second doctor than the writer can.
    `TEXTS` names the columns that people write, `REQUIRED` those without which it does not go on.
    """

    TEXTS: ClassVar[tuple[str, ...]] = ()
    REQUIRED: ClassVar[tuple[str, ...]] = ()
    revisions: Any
    version: Any
    change_reason: Any

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.PROTECT, related_name="%(class)ss")
    amends = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendment")
    template = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=16, choices=REPORT.choices, default=REPORT.initial)
    revision = models.PositiveIntegerField(default=0)
    begun_from = models.PositiveIntegerField(default=0, db_default=0)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    former_writers: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+"
    )
    taken_over_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(max_length=90, blank=True)
    signature = models.TextField(blank=True)
    return_reason = models.TextField(blank=True)

    unscoped = models.Manager()
    objects = OfConsultQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["created_at", "id"]
        constraints = [
            REPORT.constraint("%(class)s"),
            models.CheckConstraint(
                condition=models.Q(checked_by__isnull=True) | ~models.Q(checked_by=models.F("written_by")),
                name="%(class)s_checker_is_not_writer",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["signed", "amended"])
                | models.Q(signed_at__isnull=False, signed_by__isnull=False) & ~models.Q(content_hash=""),
                name="%(class)s_signed_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def writing_since(self) -> datetime:
        """When the present writer began, or took over what another had begun."""
        return self.taken_over_at or self.created_at

    @property
    def is_amendment(self) -> bool:
        return self.version > 1

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_being_written(self) -> bool:
        return self.state in {"drafting", "returned"}

    @property
    def is_signed(self) -> bool:
        return self.state in {"signed", "amended"}


class WrittenRevision(models.Model):
    """The texts as they were saved, append-only: what the checker changed can be shown."""

    number = models.PositiveIntegerField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["number"]


class PrintedDocument(models.Model):
    """The PDF of a signed document, made by a job after signing."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="bytes")
    made_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)
