"""A signed document with its versions, as one reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from consult_bridge.models.written import WrittenDocument

Written = TypeVar("Written", bound=WrittenDocument)


@dataclass(frozen=True, slots=True)
class Versions(Generic[Written]):
    """`making` is a version that is under way, `signed` are the signed ones, newest first."""

    making: Written | None
    signed: tuple[Written, ...]

    @classmethod
    def of(cls, rows: Sequence[Written], *, sees_drafts: bool) -> Self:
        """Out of all versions of one document, newest first."""
        making = next((row for row in rows if row.is_under_way and sees_drafts), None)
        return cls(making, tuple(row for row in rows if row.is_signed))

    @property
    def current(self) -> Written | None:
        return self.making or self.in_force

    @property
    def in_force(self) -> Written | None:
        return self.signed[0] if self.signed else None

    @property
    def earlier(self) -> tuple[Written, ...]:
        return self.signed[1:]
