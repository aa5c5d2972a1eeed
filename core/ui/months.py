"""A row of months without holes: a month in which nothing happened is a zero on a line, not a shorter line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

Found = TypeVar("Found")


def months_of(start: date, end: date) -> list[date]:
    """The first day of each month that the days from `start` to `end` touch."""
    found = [start.replace(day=1)]
    while (following := (found[-1] + timedelta(days=32)).replace(day=1)) <= end:
        found.append(following)
    return found


def each_month(start: date, end: date, found: Mapping[date, Found], nothing: Found) -> list[tuple[date, Found]]:
    """Every month of the period with what was found in it; none at all where nothing was found."""
    return [(month, found.get(month, nothing)) for month in months_of(start, end)] if found else []


def cuts_a_month(start: date, end: date) -> bool:
    """Whether the first or the last month is counted in part."""
    return start.day > 1 or (end + timedelta(days=1)).day > 1
