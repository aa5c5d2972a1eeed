"""The lines of a text that hold nothing but a heading of its template: as empty as if they were not there."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils import translation

from consult_bridge.opinion_templates import REPORT_TEMPLATES, TEMPLATES

COLONS = ":："


@cache
def _templates() -> tuple[frozenset[str], ...]:
    """The headings of each text of each template, in every language: writer and checker may read in different ones."""
    found: set[frozenset[str]] = set()
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            texts = [str(text) for t in TEMPLATES.values() for text in (t.findings, t.impression, t.recommendation)]
            texts += [str(text) for t in REPORT_TEMPLATES.values() for text in (t.technique, t.findings)]
        found |= {frozenset(line.strip().rstrip(COLONS).rstrip() for line in text.splitlines()) for text in texts}
    return tuple(found)


def _heading_of(line: str) -> str:
    """The heading with which a line begins; empty where it begins with none."""
    ends = (place for colon in COLONS if (place := line.find(colon)) >= 0)
    name = line[: min(ends, default=0)].strip()
    return name if any(name in headings for headings in _templates()) else ""


def _is_next(line: str, after: str) -> bool:
    """Whether both begin with headings of one text: another template's heading is written below one's own."""
    return any({_heading_of(line), _heading_of(after)} <= headings for headings in _templates())


def _is_bare(line: str) -> bool:
    return line.endswith(tuple(COLONS)) and bool(_heading_of(line))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def empty_headings(text: str) -> list[str]:
    """The headings after which nothing is written, neither on their line nor below it, without their colons."""
    lines = _lines(text)
    following = [*lines[1:], ""]
    return [
        _heading_of(line)
        for line, after in zip(lines, following, strict=False)
        if _is_bare(line) and (not after or _is_next(line, after))
    ]


def holds_nothing(text: str) -> bool:
    """Whether it is empty, or headings alone."""
    return all(_is_bare(line) for line in _lines(text))
