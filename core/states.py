"""State machines as data: one table per machine in an app's `states.py`, a check constraint behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict

GLYPHS = frozenset({"draft", "sent", "p25", "half", "p75", "done", "stopped", "wait", "trouble", "lock", "next"})
TONES = frozenset({"grey", "blue", "amber", "red", "green", "apricot"})

#: Every machine of the house by name, for the component sheet and for `{% chip "consult" state %}`.
MACHINES: dict[str, Machine] = {}


class WrongState(Conflict):
    """The verb is not allowed from the present state."""

    code = "wrong_state"
    message = _("This step is not possible now: it is already %(state)s.")
    next_step = _("Open the page again to see where it stands.")


@dataclass(frozen=True, slots=True)
class State:
    """`glyph` says how far it is, `tone` whose turn it is (look and feel: states and chips)."""

    label: str | Promise
    glyph: str
    tone: str

    def __post_init__(self) -> None:
        if self.glyph not in GLYPHS or self.tone not in TONES:
            raise ValueError(f"unknown glyph or tone: {self.glyph}, {self.tone}")


@dataclass(frozen=True, slots=True)
class Transition:
    verb: str
    sources: tuple[str, ...]
    target: str


@dataclass(frozen=True)
class Machine:
    """A named machine. Raises ValueError on construction when a transition names an unknown state."""

    name: str
    initial: str
    states: dict[str, State]
    transitions: tuple[Transition, ...]
    _table: dict[tuple[str, str], str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table: dict[tuple[str, str], str] = {}
        for transition in self.transitions:
            for source in transition.sources:
                if source not in self.states or transition.target not in self.states:
                    raise ValueError(f"{self.name}: {transition} names an unknown state")
                if (source, transition.verb) in table:
                    raise ValueError(f"{self.name}: {transition.verb} from {source} is given twice")
                table[(source, transition.verb)] = transition.target
        if self.initial not in self.states:
            raise ValueError(f"{self.name}: unknown initial state {self.initial}")
        object.__setattr__(self, "_table", table)
        MACHINES[self.name] = self

    def allows(self, current: str, verb: str) -> bool:
        return (current, verb) in self._table

    def check(self, current: str, verb: str) -> str:
        """The state that `verb` leads to. Raises WrongState when it is not allowed from `current`."""
        try:
            return self._table[(current, verb)]
        except KeyError:
            raise WrongState(state=self.states[current].label) from None

    def verbs_from(self, current: str) -> tuple[str, ...]:
        return tuple(verb for (source, verb) in self._table if source == current)

    @property
    def choices(self) -> list[tuple[str, str | Promise]]:
        return [(value, state.label) for value, state in self.states.items()]

    @property
    def final(self) -> frozenset[str]:
        """States that no transition leaves."""
        return frozenset(self.states) - {source for source, _verb in self._table}

    def constraint(self, model: str, column: str = "state") -> models.CheckConstraint:
        """The database's own guard: only states of this machine can be stored."""
        return models.CheckConstraint(
            condition=models.Q(**{f"{column}__in": sorted(self.states)}), name=f"{model}_{column}_known"
        )

    def mermaid(self) -> str:
        """The machine as a Mermaid state diagram, for the generated documentation."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {source} --> {target}: {verb}" for (source, verb), target in self._table.items()]
        lines += [f"    {state} --> [*]" for state in self._ordered(self.final)]
        return "\n".join(lines) + "\n"

    def _ordered(self, values: Iterable[str]) -> list[str]:
        wanted = set(values)
        return [value for value in self.states if value in wanted]
