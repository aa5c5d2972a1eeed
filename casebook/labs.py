"""Laboratory values in a case's text, as rows of a table with the words high and low.

The released text writes one value a line, as the consult's side makes it: day, analyte, value, unit and, in brackets,
the reference range, either end of which may be missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_LINE = re.compile(
    r"^(?:(?P<day>第 ?\d+ ?天|[Dd]ay \d+)[ ：:，,]*)?(?P<analyte>\S.*?) (?P<value>\d+(?:\.\d+)?) (?P<unit>\S+)"
    r" ?[(（](?P<low>\d+(?:\.\d+)?)?[-–](?P<high>\d+(?:\.\d+)?)?[)）]$"
)


@dataclass(frozen=True, slots=True)
class LabRow:
    """`flag` is "high", "low" or "" for a value within its range."""

    day: str
    analyte: str
    value: str
    unit: str
    limits: str
    flag: str


@dataclass(frozen=True, slots=True)
class BodyPart:
    """Either running text or the rows of one table."""

    text: str = ""
    labs: tuple[LabRow, ...] = ()


def parts_of(body: str) -> list[BodyPart]:
    """The text in order, with lines of laboratory values that follow each other as one table."""
    found: list[BodyPart] = []
    lines: list[str] = []
    rows: list[LabRow] = []
    for line in [*body.splitlines(), None]:
        row = _row(line) if line is not None else None
        if rows and row is None and (line is None or line.strip()):
            found.append(BodyPart(labs=tuple(rows)))
            rows = []
        if row is not None or line is None:
            if text := "\n".join(lines).strip():
                found.append(BodyPart(text=text))
            lines = []
        if row is not None:
            rows.append(row)
        elif line is not None:
            lines.append(line)
    return found


def _row(line: str) -> LabRow | None:
    match = _LINE.match(line.strip())
    if match is None:
        return None
    low, high = match["low"], match["high"]
    if not low and not high:
        return None
    value = Decimal(match["value"])
    flag = "low" if low and value < Decimal(low) else "high" if high and value > Decimal(high) else ""
    limits = f"{low}–{high}" if low and high else f"≥ {low}" if low else f"≤ {high}"
    return LabRow(match["day"] or "", match["analyte"], match["value"], match["unit"], limits, flag)
