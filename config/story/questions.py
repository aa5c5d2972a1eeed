"""The four question types as an author writes them into the bank and a learner answers them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from config.story.browser import Page

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Question(ABC):
    """What every type has. `kind` is the last part of the address under which the bank makes one."""

    kind: ClassVar[str] = ""
    stem: str
    explanation: str

    @abstractmethod
    def fields(self) -> Values:
        """The fields of the bank's form that belong to the type."""

    @abstractmethod
    def answer(self, page: Page, key: str, *, is_right: bool) -> Values:
        """The fields that a learner fills in; a wrong answer earns nothing."""


@dataclass(frozen=True, slots=True)
class Single(Question):
    """`right` is the position of the best of `options`."""

    kind: ClassVar[str] = "single"
    options: tuple[str, ...]
    right: int

    def fields(self) -> Values:
        return _rows(self.options) | {"right": self.right + 1}

    def answer(self, page: Page, key: str, *, is_right: bool) -> Values:
        chosen = self.right if is_right else (self.right + 1) % len(self.options)
        return {f"{key}-answer": page.choice(f"{key}-answer", self.options[chosen])}


@dataclass(frozen=True, slots=True)
class Multiple(Question):
    """`right` are the positions of all right `options`; the wrong answer leaves one out."""

    kind: ClassVar[str] = "multiple"
    options: tuple[str, ...]
    right: tuple[int, ...]

    def fields(self) -> Values:
        return _rows(self.options) | {"right": [position + 1 for position in self.right]}

    def answer(self, page: Page, key: str, *, is_right: bool) -> Values:
        chosen = self.right if is_right else self.right[1:]
        return {f"{key}-answer": [page.choice(f"{key}-answer", self.options[position]) for position in chosen]}


@dataclass(frozen=True, slots=True)
class Numeric(Question):
    """A whole number in `unit`; the wrong answer is one too many."""

    kind: ClassVar[str] = "numeric"
    value: int
    unit: str

    def fields(self) -> Values:
        return {"value": self.value, "tolerance": 0, "unit": self.unit}

    def answer(self, page: Page, key: str, *, is_right: bool) -> Values:
        return {f"{key}-answer": self.value if is_right else self.value + 1}


@dataclass(frozen=True, slots=True)
class Ordering(Question):
    """`items` in their right order; the wrong answer is the reverse."""

    kind: ClassVar[str] = "ordering"
    items: tuple[str, ...]

    def fields(self) -> Values:
        return _rows(self.items)

    def answer(self, page: Page, key: str, *, is_right: bool) -> Values:
        given = self.items if is_right else tuple(reversed(self.items))
        return {_place_of(page, key, item): number for number, item in enumerate(given, start=1)}


def key_of(page: Page, stem: str) -> str:
    """The key of the question with this stem on a learner's page. Raises StoryFault."""
    for section in page.soup.find_all("section", id=True):
        if stem in section.get_text():
            return str(section["id"])
    raise page.fault(f"no question {stem!r}")


def _place_of(page: Page, key: str, item: str) -> str:
    for select in page.soup.find_all("select"):
        if str(select.get("name", "")).startswith(f"{key}-") and item in str(select.get("aria-label", "")):
            return str(select["name"])
    raise page.fault(f"no place for {item!r}")


def _rows(texts: tuple[str, ...]) -> Values:
    return {f"option_{number}": text for number, text in enumerate(texts, start=1)}
