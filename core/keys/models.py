"""The root keys that this database was written with, by name only."""

from __future__ import annotations

from django.db import models


class RootKeyRecord(models.Model):
    """`key_id` is derived from the key and tells nothing of it; the key itself is in the key folder alone."""

    key_id = models.CharField(primary_key=True, max_length=8)
    suite = models.CharField(max_length=30)
    sequence = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key_id
