"""Everything that can be found, and who may find it. One row per thing; the full text lies beside it."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """A findable thing of some owner. Rebuilt from the owners' tables at any time, so its key is a plain number:
    full-text tables are joined by it."""

    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    language = models.CharField(max_length=10, blank=True)
    meta = models.JSONField(default=dict)
    indexed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_once_per_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchAudience(models.Model):
    """One token that may find an entry."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="audience")
    token = models.CharField(max_length=48)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "token"], name="search_audience_once")]
        indexes = [models.Index(fields=["token", "entry"], name="search_by_token")]

    def __str__(self) -> str:
        return self.token
