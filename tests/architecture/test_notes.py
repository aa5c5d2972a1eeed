"""A note is a grid of its icon and elements beside it: text that stands in no element would fall under the icon."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.architecture.test_rooms import ROOT

SAYS = re.compile(r"{%\s*(translate|date_time|date|time_ago)\b.*?%}|{{.*?}}", re.S)
SILENT = re.compile(r"{#.*?#}|{%.*?%}", re.S)
VOID = frozenset({"input", "br", "img", "hr", "source", "link", "meta"})


class Notes(HTMLParser):
    """Collects what stands bare in a note that also holds a bold line."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0
        self.bare = ""
        self.has_bold = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0 and "x-note" in (dict(attrs).get("class") or "").split():
            self.depth, self.bare, self.has_bold = 1, "", False
        elif self.depth and tag not in VOID:
            self.has_bold |= tag == "strong"
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if not self.depth or tag in VOID:
            return
        self.depth -= 1
        if self.depth == 0 and self.has_bold and self.bare.strip():
            self.found.append(" ".join(self.bare.split()))

    def handle_data(self, data: str) -> None:
        if self.depth == 1:
            self.bare += data


def bare_texts(source: str) -> list[str]:
    notes = Notes()
    notes.feed(SILENT.sub("", SAYS.sub("words", source)))
    return notes.found


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ('<p class="x-note">{% icon "x" %}<strong>{{ a }}</strong> {% translate "b" %}</p>', ["words"]),
        ('<p class="x-note">{% icon "x" %}<strong>{{ a }}</strong><span>{% translate "b" %}</span></p>', []),
        ('<p class="x-note">{% icon "x" %}{% translate "b" %}</p>', []),
    ],
)
def test_the_check_finds_what_it_is_for(note: str, found: list[str]) -> None:
    assert bare_texts(note) == found


def test_no_note_holds_bare_text_beside_its_bold_line() -> None:
    templates = list(ROOT.glob("*/templates/**/*.html"))
    assert len(templates) > 100
    found = {str(path.relative_to(ROOT)): bare_texts(path.read_text()) for path in templates}
    assert {name: texts for name, texts in found.items() if texts} == {}
