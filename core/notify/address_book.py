"""Where a person can be reached. Core knows no person's details: directory registers the look-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Address:
    """Empty text means "cannot be reached that way". `language` is "zh-hans", "en" or "" for the default."""

    email: str = ""
    phone: str = ""
    language: str = ""


Book = Callable[[UUID], Address | None]

_book: list[Book] = []


def register_address_book(book: Book) -> None:
    """Set the one look-up; it returns None for somebody who may no longer be written to."""
    _book[:] = [book]


def address_of(person_id: UUID) -> Address:
    """An empty address when nobody is registered or the person is gone."""
    found = _book[0](person_id) if _book else None
    return found or Address()
