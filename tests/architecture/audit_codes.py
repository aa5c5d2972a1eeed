"""Which action codes the sources record: read from the code itself, so that none is forgotten.

A recorder is `record` or `Happening`, or a function that hands one of its own parameters on to a recorder as the code.
What a recorder gets as its code is a text, or made while running; the test lists by hand what such places make.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Recorders = dict[str, set[tuple[str, int | None]]]
"""By function name: the parameters that may hold the code, and their places among the positional ones."""


@dataclass
class Recorded:
    codes: dict[str, set[str]] = field(default_factory=dict)
    """By package: the codes that stand in its sources as texts."""
    made: set[str] = field(default_factory=set)
    """Places (file and function) that make a code while running."""


def recorded(packages: list[str]) -> Recorded:
    found = Recorded()
    for package in packages:
        trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _sources(package)}
        recorders = _recorders(trees)
        for path, tree in trees.items():
            for function, value in _given(path, tree, recorders):
                _sort(found, package, f"{path.relative_to(ROOT)}:{function.name}", function, value)
    return found


def _sources(package: str) -> Iterator[Path]:
    for path in sorted((ROOT / package).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def _recorders(trees: dict[Path, ast.Module]) -> Recorders:
    known: Recorders = {"record": {("action", None)}, "Happening": {("action", 0)}}
    while True:
        before = sum(map(len, known.values()))
        for path, tree in trees.items():
            for function, value in list(_given(path, tree, known)):
                names = _parameters(function)
                if isinstance(value, ast.Name) and value.id in names:
                    known.setdefault(_key(path, function.name), set()).add((value.id, names.index(value.id)))
        if sum(map(len, known.values())) == before:
            return known


def _given(path: Path, tree: ast.Module, recorders: Recorders) -> Iterator[tuple[ast.FunctionDef, ast.expr]]:
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            for parameter, place in recorders.get(_key(path, name), ()):
                value = _argument(call, parameter, place)
                if value is not None:
                    yield function, value


def _key(path: Path, name: str) -> str:
    """A private function is known in its own file only; another file's of the same name is another function."""
    return f"{path}:{name}" if name.startswith("_") else name


def _argument(call: ast.Call, name: str, place: int | None) -> ast.expr | None:
    by_name = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    if by_name is not None or place is None or place >= len(call.args):
        return by_name
    return call.args[place]


def _parameters(function: ast.FunctionDef) -> list[str]:
    return [a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _sort(found: Recorded, package: str, place: str, function: ast.FunctionDef, value: ast.expr) -> None:
    if isinstance(value, ast.Name) and value.id in _parameters(function):
        return  # handed on; its callers are looked at
    branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    for branch in branches:
        if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
            if "." in branch.value or branch.value == "refused":
                found.codes.setdefault(package, set()).add(branch.value)
        else:
            found.made.add(place)
