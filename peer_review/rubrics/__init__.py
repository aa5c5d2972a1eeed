"""Rubrics as data: one JSON file each, read once. A round keeps its own copy: a new version changes no past score."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class RubricItem:
    """`weight` is in per cent; the weights of a rubric add up to 100. Labels and hints are by interface language."""

    key: str
    weight: int
    labels: dict[str, str]
    hints: dict[str, str]

    def label(self, language: str) -> str:
        return self.labels.get(language, self.labels["en"])

    def hint(self, language: str) -> str:
        return self.hints.get(language, self.hints["en"])


@dataclass(frozen=True, slots=True)
class Rubric:
    version: str
    lowest: int
    highest: int
    reason_at_or_below: int
    items: tuple[RubricItem, ...]

    @property
    def scale(self) -> range:
        return range(self.lowest, self.highest + 1)

    def missing(self, scores: dict[str, int]) -> tuple[RubricItem, ...]:
        return tuple(item for item in self.items if item.key not in scores)

    def weighted(self, scores: dict[str, int]) -> Decimal | None:
        """The weighted mean on the rubric's own scale, to one hundredth; None while an item is missing."""
        if self.missing(scores):
            return None
        total = sum(Decimal(scores[item.key] * item.weight) for item in self.items)
        return (total / Decimal(100)).quantize(Decimal("0.01"))

    def needs_reason(self, score: int) -> bool:
        return score <= self.reason_at_or_below


def parse(data: dict[str, Any]) -> Rubric:
    """Raises ValueError when the weights do not add up to 100."""
    items = tuple(RubricItem(i["key"], i["weight"], i["label"], i["hint"]) for i in data["items"])
    if sum(item.weight for item in items) != 100:
        raise ValueError(f"{data['version']}: the weights do not add up to 100")
    return Rubric(data["version"], data["lowest"], data["highest"], data["reason_at_or_below"], items)


@cache
def load(name: str) -> dict[str, Any]:
    """The rubric file `name`, checked. Raises FileNotFoundError or ValueError."""
    data: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    parse(data)
    return data
