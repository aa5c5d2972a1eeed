"""Rows that a watch goes through, so many at a time by their key: those that keep failing starve none behind them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

FIRST = UUID(int=0)
BATCH = 200


def batch_after(rows: QuerySet[Any], after: UUID, name: str = "pk") -> list[UUID]:
    """The next keys behind `after`, each once; `name` is the field that holds them."""
    behind = rows.filter(**{f"{name}__gt": after}).order_by(name)
    return list(behind.values_list(name, flat=True).distinct()[:BATCH])
