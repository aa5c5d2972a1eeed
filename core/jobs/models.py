"""Long work as rows: what was asked, how far it is, who holds it, why it failed."""

from __future__ import annotations

from django.db import models

from core.ids import uuid7
from core.jobs.states import JOB


class Job(models.Model):
    """One piece of work, inserted in the business transaction. Holds bare ids, since it outlives people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    queue = models.CharField(max_length=30, default="default")
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    state = models.CharField(max_length=12, choices=JOB.choices, default=JOB.initial)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    lease_seconds = models.PositiveIntegerField(default=120)
    run_after = models.DateTimeField()
    woken_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    held_by = models.CharField(max_length=120, blank=True, db_default="", help_text="The process with the lease")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=120, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_text = models.CharField(max_length=500, blank=True)
    actor_id = models.UUIDField(null=True, blank=True)
    organisation_path = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [JOB.constraint("job")]
        indexes = [
            models.Index(fields=["run_after"], name="job_waiting", condition=models.Q(state="queued")),
            models.Index(fields=["lease_until"], name="job_leased", condition=models.Q(state="running")),
            models.Index(fields=["state", "finished_at"], name="job_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
