"""Events that wait for delivery, and the receipts that make each subscriber run once."""

from __future__ import annotations

from django.db import models

from core.ids import uuid7


class OutboxEvent(models.Model):
    """One domain event, inserted in the business transaction. It carries ids only, never patient data."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event_type = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["retry_at", "id"], name="outbox_undelivered", condition=models.Q(delivered_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.pk}"


class InboxReceipt(models.Model):
    """Proof that one subscriber handled one event; written in the handler's own transaction."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="receipts")
    subscriber = models.CharField(max_length=80)
    handled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="inbox_once_per_subscriber")]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.event_id}"
