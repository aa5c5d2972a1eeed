"""The closing table: what ran and how it went, what did not run here and how to get it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from config.setup.halt import Halt


@dataclass(frozen=True)
class Line:
    name: str
    result: str  # "ok", "failed", or "not here"
    note: str = ""


class Report:
    """Runs stages one after the other, whatever came of the one before, and keeps a line for each."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def stage(self, name: str, run: Callable[[], str]) -> bool:
        """Run one stage. `run` returns a note (how much was done) or raises Halt with the reason of its failure."""
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        try:
            note, result = run(), "ok"
        except Halt as halt:
            note, result = str(halt), "failed"
            print(f"xinglin: {halt}", flush=True)
        taken = f"{time.monotonic() - started:.0f} s"
        self.lines.append(Line(name, result, f"{taken}{', ' if note else ''}{note}"))
        return result == "ok"

    def left_out(self, name: str, how: str) -> None:
        self.lines.append(Line(name, "not here", how))

    @property
    def has_failed(self) -> bool:
        return any(line.result == "failed" for line in self.lines)

    def table(self) -> str:
        width = max(len(line.name) for line in self.lines)
        rows = [f"  {line.name:<{width}}  {line.result:<8}  {line.note}" for line in self.lines]
        return "\n".join(["", "What ran, and what did not", *rows, ""])
