"""One block as it stands in a frozen course: an immutable value that survives JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FrozenNode:
    """Either `html` (content that can never be withdrawn) or `reference` (an id that its owner resolves on each view).

    `key` is the block's stable id: it stays the same across editions, so progress and comments hold on to it.
    `points` is what a perfect response is worth; 0 means that the node is not scored.
    `text` is plain text for the diff and for search. It must never repeat what could be withdrawn: a case's title, a
    caption, an image's description (design, decision 8).
    `facts` holds JSON values only; what they mean is the owner's affair.
    """

    key: str
    kind: str
    html: str = ""
    reference: str = ""
    points: int = 0
    text: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if bool(self.html) == bool(self.reference):
            raise ValueError(f"{self.kind} {self.key}: a frozen node is either HTML or a reference")

    @property
    def is_scored(self) -> bool:
        return self.points > 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> FrozenNode:
        return cls(**data)
