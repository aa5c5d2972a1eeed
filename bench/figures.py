"""A measured figure beside its target, and the registry of what can be measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`. With `at_most` a smaller value meets the target, otherwise a larger one does.

    `beside` is what stands next to it without a target: wall time, spread, the peer in the same run.
    """

    name: str
    value: float
    unit: str
    target: float
    at_most: bool = True
    beside: str = ""

    @property
    def is_met(self) -> bool:
        return self.value <= self.target if self.at_most else self.value >= self.target

    def line(self) -> str:
        """One line, whose last word is `meets` or `short`."""
        sign = "<=" if self.at_most else ">="
        extra = f"  ({self.beside})" if self.beside else ""
        verdict = "meets" if self.is_met else "short"
        return f"{self.name:<34} {self.value:>10.2f} {self.unit:<10} {sign} {self.target:g}{extra}  {verdict}"


Measurement = Callable[[], Iterable[Figure]]
_measurements: dict[str, Measurement] = {}


def measurement(name: str) -> Callable[[Measurement], Measurement]:
    """Register a function that measures one thing and yields its figures."""

    def register(function: Measurement) -> Measurement:
        _measurements[name] = function
        return function

    return register


def all_measurements() -> dict[str, Measurement]:
    return dict(_measurements)
