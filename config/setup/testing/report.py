"""The closing table: what ran and how it went, what did not run here and how to get it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from config.setup.halt import Halt
from config.setup.testing.ending import GaveUp, at_most

MOST_SECONDS = 120  # of one story, set up
OTHERS = 5.0  # minutes for a stage that is not named


@dataclass(frozen=True)
class Line:
    name: str
    result: str  # "ok", "failed", or "not here"
    note: str = ""


class Report:
    """Runs stages one after the other, whatever came of the one before, and keeps a line for each."""

    def __init__(self, minutes: Mapping[str, float] | None = None, end: float = math.inf) -> None:
        """`minutes` that a stage may take, by its name (None: what it takes), and the `end` of all (monotonic)."""
        self.lines: list[Line] = []
        self.seconds: dict[str, float] = {}
        self.minutes = minutes
        self.end = end

    def stage(self, name: str, run: Callable[[], str]) -> bool:
        """Run one stage. `run` returns a note (how much was done) or raises Halt with the reason of its failure.

        What takes too long has failed, and the next one begins.
        """
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        try:
            with at_most(self._seconds(name, started)):
                note, result = run(), "ok"
        except (Halt, GaveUp) as reason:
            note, result = str(reason), "failed"
            print(f"xinglin: {reason}", flush=True)
        self.seconds[name] = time.monotonic() - started
        taken = f"{self.seconds[name]:.0f} s"
        self.lines.append(Line(name, result, f"{taken}{', ' if note else ''}{note}"))
        return result == "ok"

    def _seconds(self, name: str, now: float) -> float:
        own = math.inf if self.minutes is None else self.minutes.get(name, OTHERS) * 60
        return min(own, self.end - now)

    def left_out(self, name: str, how: str) -> None:
        self.lines.append(Line(name, "not here", how))

    def figures(self, whole: float, *, most_minutes: int) -> str:
        """What the run took beside what it may take, and each story told in it: name, value, unit, target, `meets` or
        `short`. They are looked at and turn no run red: a busy machine is no fault of the code."""
        lines = [_figure("the whole run, with set-up", whole / 60, "min", most_minutes)]
        for name, seconds in self.seconds.items():
            if name.startswith("story, "):
                lines.append(_figure(f"bin/demo --once, {name.removeprefix('story, ')}", seconds, "s", MOST_SECONDS))
        return "\n".join(["How long it took, by the clock", *lines, ""])

    @property
    def has_failed(self) -> bool:
        return any(line.result == "failed" for line in self.lines)

    def table(self) -> str:
        width = max(len(line.name) for line in self.lines)
        rows = [f"  {line.name:<{width}}  {line.result:<8}  {line.note}" for line in self.lines]
        return "\n".join(["", "What ran, and what did not", *rows, ""])


def _figure(name: str, value: float, unit: str, most: int) -> str:
    return f"  {name:<35}  {value:6.1f} {unit}  target <= {most} {unit}  {'meets' if value <= most else 'short'}"
