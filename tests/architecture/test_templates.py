"""Templates keep to the design system: known classes, known icons, nothing inline."""

from __future__ import annotations

import re
from pathlib import Path

from core.translation.packages import own_packages

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "frontend" / "src" / "css"
CLASS = re.compile(r'class="([^"]*)"')
TAG = re.compile(r"\{[%{#].*?[%}#]\}", re.DOTALL)
ICON = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""")
PYTHON_ICON = re.compile(r"""icon=["']([a-z0-9-]+)["']""")
INLINE = re.compile(
    r"""<style[\s>]|<script(?![^>]*\bsrc=)[\s>]|\sstyle=["']|\son(?:click|change|submit|load|input)=["']"""
)


def templates() -> list[Path]:
    """Our pages. E-mails and Wagtail's own frame are not pages of the design system."""
    return sorted(path for package in own_packages() for path in package.glob("templates/**/*.html"))


def known_classes() -> set[str]:
    text = "\n".join(path.read_text() for path in CSS.rglob("*.css"))
    return set(re.findall(r"\.(x-[A-Za-z0-9_-]+)", text))


def classes_of(text: str) -> set[str]:
    """Whole class names; one that a tag completes ("x-note--{{ tone }}") is left out."""
    found = set()
    for value in CLASS.findall(TAG.sub(lambda match: "\0" if match.group().startswith("{{") else " ", text)):
        found |= {name for name in value.split() if name.startswith("x-") and "\0" not in name and name[-1] != "-"}
    return found


def test_every_class_is_in_the_stylesheet():
    known = known_classes()

    faults = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in templates()
        for name in sorted(classes_of(path.read_text()) - known)
    ]

    assert faults == []


def test_every_icon_is_in_the_sprite():
    sprite = (ROOT / "core" / "static" / "ui" / "icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    sources = [(path, ICON) for path in templates()]
    sources += [(path, PYTHON_ICON) for package in own_packages() for path in package.rglob("*.py")]

    faults = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, pattern in sources
        for name in pattern.findall(path.read_text())
        if name not in known
    ]

    assert faults == []


def test_nothing_is_inline():
    faults = [str(path.relative_to(ROOT)) for path in templates() if INLINE.search(path.read_text())]

    assert faults == []
