"""PS3.15, table E.1-1: what the Basic Application Level Confidentiality Profile does with each attribute.

The table is `profile.csv`: 656 rows, edition 2024e with its option columns, and the rows that 2026c added (`since`).
Options taken: Retain Longitudinal Temporal Information with Modified Dates (dates shifted), Clean Descriptors (texts
cleaned of the patient's identifiers) and Clean Pixel Data. No private attribute is kept.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("profile.csv")
EDITION = "2026c"


@dataclass(frozen=True, slots=True)
class Rule:
    """`action` is one of remove, empty, dummy, uid, shift (dates), clean (descriptors)."""

    name: str
    code: str
    action: str


# Where the table leaves a choice (X/Z, X/D, ...) the conformant one for every IOD is taken: a value where one may be
# required. Remove stays remove.
ACTIONS = {
    "X": "remove",
    "Z": "empty",
    "D": "dummy",
    "U": "uid",
    "X/Z": "empty",
    "X/D": "dummy",
    "Z/D": "dummy",
    "X/Z/D": "dummy",
    "X/Z/U*": "empty",
}


@cache
def rules() -> dict[str, Rule]:
    """Rules by tag (eight hexadecimal digits), with "50xxxxxx", "60xx3000", "60xx4000" and "private" as masks."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["tag"]: Rule(row["name"], row["basic"], _action(row)) for row in csv.DictReader(file)}


def _action(row: dict[str, str]) -> str:
    if row["modified_dates"] == "C":
        return "shift"
    if row["descriptors"] == "C":
        return "clean"
    return ACTIONS[row["basic"]]


def rule_for(group: int, element: int) -> Rule | None:
    """The rule of one attribute; None when the profile does not mention it."""
    if group % 2:
        return rules()["private"]
    if 0x5000 <= group <= 0x501E:
        return rules()["50xxxxxx"]
    if 0x6000 <= group <= 0x601E:
        return rules()["60xx3000"]
    return rules().get(f"{group:04X}{element:04X}")
