"""PS3.15, table E.1-1: what the Basic Application Level Confidentiality Profile does with each attribute.

The table is `profile.csv`: 656 rows, edition 2024e with its option columns, and the rows that 2026c added (`since`).
Options taken: Retain Longitudinal Temporal Information with Modified Dates (dates shifted), Clean Pixel Data, and Clean
Descriptors for the few descriptors that say what a picture shows; the other free texts go as the basic profile says. No
private attribute is kept.
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

# Descriptors of study, series and protocol: cleaned, and shown to both readers. Everything else that a person may have
# typed (comments, histories, reasons, labels) is treated as without the option.
DESCRIPTORS = frozenset({"00081030", "0008103E", "00181030", "00189424"})

# Not in the table: the birth date once more, in the calendar of another era, and bytes that only their key can read.
OURS = {
    "04000520": "Encrypted Content",
    "00100033": "Patient's Birth Date in Alternative Calendar",
    "00100034": "Patient's Death Date in Alternative Calendar",
    "00100035": "Patient's Alternative Calendar",
}


@cache
def rules() -> dict[str, Rule]:
    """Rules by tag (eight hexadecimal digits), with "50xxxxxx", "60xx3000", "60xx4000" and "private" as masks."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["tag"]: Rule(row["name"], row["basic"], _action(row)) for row in csv.DictReader(file)}


def _action(row: dict[str, str]) -> str:
    if row["modified_dates"] == "C":
        return "shift"
    if row["descriptors"] == "C" and row["tag"] in DESCRIPTORS:
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
    tag = f"{group:04X}{element:04X}"
    return Rule(OURS[tag], "X", "remove") if tag in OURS else rules().get(tag)
