"""The house keeps its shape: what the design says of rooms, doors and style, checked on the source."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE_THE_CONTRACT = {"tests", "docs", "bin", "deploy", "frontend", "requirements"}
DOORS = {"api", "contracts", "events", "blocks"}
FREE = {"core", "config", "bench"}  # core is a library, config and bench are composition roots
READ_THROUGH = {"directory.models.Person", "directory.models.Organisation"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
LONGEST_TEST = 60  # a line of the story in one test reads better whole


@cache
def contract_packages() -> tuple[str, ...]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return tuple(settings["tool"]["importlinter"]["root_packages"])


def tracked(pattern: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [ROOT / name for name in names if (ROOT / name).exists()]


def sources() -> list[Path]:
    """Our own modules, without migrations and tests."""
    ours = set(contract_packages())
    return [
        path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in ours and "migrations" not in path.parts
    ]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Absolute names that a module imports, `from a import b` as "a.b"."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def test_every_top_level_package_is_in_the_contract():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - OUTSIDE_THE_CONTRACT == set(contract_packages())


def test_other_packages_enter_by_a_door_only():
    """Foreign keys and role data need no import; everything else crosses by api, contracts, events or blocks."""
    faults = []
    for path in sources():
        home = path.relative_to(ROOT).parts[0]
        if home in {"config", "bench"}:
            continue
        for name, line in imports_of(path):
            package, _dot, rest = name.partition(".")
            if package == home or package in FREE or package not in contract_packages():
                continue
            if rest.split(".")[0] not in DOORS and name not in READ_THROUGH:
                faults.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert faults == []


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("credits", "consult_bridge.api"),
        ("lms", "consult_bridge.api"),
        ("cms", "consult_bridge.api"),
        ("peer_review", "consult_bridge"),
        ("assessment", "consult_bridge"),
    ],
)
def test_nobody_above_the_casebook_asks_the_consult_side(package, forbidden):
    faults = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] == package
        for name, line in imports_of(path)
        if name == forbidden or name.startswith(forbidden + ".")
    ]
    assert faults == []


def test_models_are_imported_not_looked_up_by_name():
    faults = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "get_model" and _is_name(node.value, "apps")
    ]
    assert faults == []


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def test_no_model_signals_in_the_domain():
    """Library signals (sign-in) may be heard in directory's one place; model signals nowhere."""
    faults = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources()
        for name, line in imports_of(path)
        if name.startswith("django.db.models.signals")
    ]
    assert faults == []


def test_unscoped_managers_stay_away_from_what_faces_a_request():
    """Views, forms, blocks and fragments start from what their actor may see."""
    facing = {"web", "rest", "ui", "templatetags"}
    facing_files = {"forms.py", "blocks.py", "shell.py", "presenting.py", "admin.py", "wagtail_hooks.py"}
    faults = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        if facing & set(path.relative_to(ROOT).parts) or path.name in facing_files
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "unscoped"
    ]
    assert faults == []


def test_domain_code_does_not_read_the_clock():
    """Time is passed in; only edges (web, rest, tasks, commands, middleware, the composition root) read it."""
    edges = {"web", "rest", "management", "ui", "templatetags"}
    edge_files = {"tasks.py", "running.py", "middleware.py", "adapters.py", "apps.py", "consumers.py", "backends.py"}
    edge_files |= {"editing.py", "wagtail_hooks.py"}  # Wagtail calls them without a moment
    faults = []
    for path in sources():
        parts = path.relative_to(ROOT).parts
        if parts[0] in {"config", "bench"} or edges & set(parts) or path.name in edge_files:
            continue
        faults += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"now", "utcnow", "today"}
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in {"timezone", "datetime", "date"}
        ]
    assert faults == []


def test_a_day_is_the_day_where_people_live():
    """`moment.date()` of a moment kept in UTC is yesterday until eight in the morning in Qingjiang: use localdate."""
    faults = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and not node.args
        and not ast.unparse(node.func.value).startswith("datetime.strptime(")
    ]
    assert faults == []


def test_files_and_functions_stay_small():
    faults = []
    for path in [*sources(), *(p for p in tracked("tests/*.py") if p.suffix == ".py")]:
        lines = len(path.read_text().splitlines())
        if lines > LONGEST_FILE:
            faults.append(f"{path.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > (LONGEST_TEST if "tests" in path.parts else LONGEST_FUNCTION):
                    faults.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines")
    assert faults == []


@pytest.mark.parametrize("kind", ["css", "js", "html"])
def test_files_of_the_front_end_stay_small_too(kind):
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in tracked(f"*.{kind}")}
    assert lengths, f"no {kind} file is tracked"
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_nothing_is_left_for_later():
    marks = ("TO" + "DO", "FIX" + "ME")
    faults = [f"{path.relative_to(ROOT)}: {mark}" for path in sources() for mark in marks if mark in path.read_text()]
    faults += [
        f"{path.relative_to(ROOT)}:{node.lineno} raises NotImplementedError"
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node)
    ]
    assert faults == []


def test_templates_hold_no_inline_style_or_script():
    """The content security policy forbids both."""
    faults = []
    for path in tracked("*.html"):
        if path.relative_to(ROOT).parts[0] not in contract_packages():
            continue
        text = path.read_text()
        if " style=" in text or "<style" in text or " onclick=" in text or "javascript:" in text:
            faults.append(str(path.relative_to(ROOT)))
        faults += [
            f"{path.relative_to(ROOT)}: inline script"
            for part in text.split("<script")[1:]
            if "src=" not in part.split(">")[0] and "application/json" not in part.split(">")[0]
        ]
    assert faults == []
