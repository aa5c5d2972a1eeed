"""The trail and its seals. Both are append-only through the ORM; `verify_audit` finds what was done around it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from core.audit.errors import AuditIsAppendOnly
from core.ids import uuid7


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads and inserts. Raises AuditIsAppendOnly for everything else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly

    def delete(self) -> NoReturn:
        raise AuditIsAppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly

    def mark(self, **columns: Any) -> int:
        """For the sealer only: set a column that no MAC covers, once, where it is still null."""
        if set(columns) - {"sealed_in", "exported_at"}:
            raise AuditIsAppendOnly
        unset = {f"{column}__isnull": True for column in columns}
        return models.QuerySet.update(self.filter(**unset), **columns)


class AppendOnlyModel(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AuditIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly


class AuditEntry(AppendOnlyModel):
    """Who did what to which subject, when. Bare ids and a stored path, since entries outlive people and moves.

    `mac` covers every other column but `sealed_in`, which the sealer sets once; the seal itself lists the entry, so
    a false `sealed_in` shows.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor_id = models.UUIDField(null=True, blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    organisation_path = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)
    mac = models.CharField(max_length=80)
    sealed_in = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["sealed_in", "id"], name="audit_by_seal"),
            models.Index(fields=["organisation_path", "-at"], name="audit_by_organisation"),
            models.Index(fields=["subject_type", "subject_id", "-at"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "-at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class AuditSeal(AppendOnlyModel):
    """One link of a chain: the entries of a county (or a level above it) that were committed since the last link.

    `members` is a list of [entry id, MAC]. `head` is the digest over chain, day, sequence, previous head, members and
    time; `signature` signs it. `exported_at` is set once the head stands in the file outside the database.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    chain = models.CharField(max_length=64, blank=True)
    day = models.DateField()
    sequence = models.PositiveIntegerField()
    previous_head = models.CharField(max_length=100, blank=True)
    members = models.JSONField()
    head = models.CharField(max_length=100)
    signature = models.CharField(max_length=160)
    sealed_at = models.DateTimeField()
    exported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "day", "sequence"], name="seal_once_per_place"),
        ]
        indexes = [
            models.Index(fields=["id"], name="seal_not_exported", condition=models.Q(exported_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.chain or '/'} {self.day} {self.sequence}"
