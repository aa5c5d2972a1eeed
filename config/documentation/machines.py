"""Every state machine as a diagram, from the tables in the apps' `states.py`."""

from __future__ import annotations

import importlib

from django.conf import settings
from django.utils import translation

from core.states import Machine


def machines() -> list[tuple[str, Machine]]:
    """(module, machine) pairs of every `states.py`, in the order of the rooms."""
    found = []
    for name in [*settings.OUR_APPS, "core.jobs", "media_pipeline.release"]:
        try:
            module = importlib.import_module(f"{name}.states")
        except ModuleNotFoundError as error:
            if error.name not in {f"{name}.states", name}:
                raise
            continue
        found += [(module.__name__, value) for value in vars(module).values() if isinstance(value, Machine)]
    return found


def page() -> str:
    """A Markdown page with one Mermaid diagram and one table of states for each machine."""
    lines = ["# State machines", "", "Made by `manage.py build_docs` from the apps' `states.py`; do not edit.", ""]
    with translation.override("en"):
        for module, machine in machines():
            lines += [f"## {machine.name}", "", f"`{module}`", "", "```mermaid", machine.mermaid().rstrip(), "```", ""]
            lines += ["| state | label | whose turn |", "|---|---|---|"]
            lines += [f"| {value} | {state.label} | {state.tone} |" for value, state in machine.states.items()]
            lines.append("")
    return "\n".join(lines)
