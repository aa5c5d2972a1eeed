"""Conditions over more than one source, so that a database answers each of them by an index of its own."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from consult_bridge.models import Consult


def ids_of(condition: Q) -> QuerySet[Any]:
    return Consult.unscoped.filter(condition).values("pk")


def in_either(first: QuerySet[Any], *others: QuerySet[Any]) -> Q:
    """Consults whose id any of the queries gives. An OR would read all of them, a UNION reads what it finds."""
    return Q(pk__in=first.order_by().union(*(rows.order_by() for rows in others)))
