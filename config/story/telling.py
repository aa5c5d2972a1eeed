"""What the acts share: the tale, the people, what has been learnt so far, and how a step is said."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from config.story.browser import Browser, Page, StoryFault
from config.story.cast import Cast
from config.story.tales import Tale

PATIENCE = 60.0
SECONDS_PER_FILE = 3.0


@dataclass
class Telling:
    """One tale being told. `known` holds addresses by name, `figures` what was read back, for the comparison.

    `is_sample` is false when the images are the visitor's own: then nothing of them is known beforehand.
    """

    tale: Tale
    cast: Cast
    images: list[Path]
    write: Callable[[str], None]
    is_sample: bool = True
    known: dict[str, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    _started: float = field(default_factory=time.monotonic)

    def person(self, username: str) -> Browser:
        return self.cast[username]

    @property
    def patience(self) -> float:
        """Seconds for a job that goes through all images: a visitor's study may hold many, and large ones."""
        return PATIENCE if self.is_sample else PATIENCE + SECONDS_PER_FILE * len(self.images)

    def say(self, step: str, **figures: object) -> None:
        """One line of the story: the step, the tale and its figures; the seconds stand last, in brackets."""
        shown = {name: str(value) for name, value in figures.items()}
        self.figures.update({f"{step}.{name}": value for name, value in shown.items()})
        said = " ".join(f"{name}={value}" for name, value in shown.items())
        now = time.monotonic()
        self.write(f"{step:<12} {self.tale.key:<11} {said} [{now - self._started:.1f} s]")
        self._started = now


def expect(page: Page, words: str) -> None:
    """The page must show `words`. Raises StoryFault."""
    if " ".join(words.split()) not in page.text:
        raise page.fault(f"{words!r} is not shown")


def refuse(condition: bool, page: Page, what: str) -> None:
    """Raise StoryFault with `what` when `condition` holds."""
    if condition:
        raise page.fault(what)


__all__ = ["StoryFault", "Telling", "expect", "refuse"]
