"""Which app's part of the demo history this database already holds."""

from __future__ import annotations

from django.db import models


class SeedStamp(models.Model):
    """One row per seeded app, written in the transaction of its rows. `reference_now` is the day the history ends."""

    app = models.CharField(max_length=40, primary_key=True)
    seed = models.IntegerField()
    reference_now = models.DateTimeField()

    def __str__(self) -> str:
        return self.app
