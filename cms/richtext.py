"""Between the author's plain text, the editor's rich text and the HTML that is frozen."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import nh3
from django.utils.html import strip_tags
from wagtail.rich_text import expand_db_html

TAGS = {"p", "h3", "h4", "b", "strong", "i", "em", "ul", "ol", "li", "a", "br", "sup", "sub"}
ATTRIBUTES = {"a": {"href"}}
_LINK = re.compile(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def clean(text: str) -> str:
    """Safe HTML from the editor's: only `TAGS`, no style, no script, links to the web or to this site."""
    return nh3.clean(expand_db_html(text), tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})


def with_addresses(text: str) -> str:
    """The words of clean HTML, each link followed by its address: two texts that lead elsewhere are not the same."""
    return strip_tags(_LINK.sub(r"\2 (\1)", text))


def from_plain(text: str) -> str:
    """Blank lines part paragraphs, lines that begin with "- " make a list, `**x**` is bold."""
    parts = []
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            parts.append("<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>")
        elif lines:
            parts.append("<p>" + "<br/>".join(_inline(line) for line in lines) + "</p>")
    return "".join(parts)


def _inline(line: str) -> str:
    return _BOLD.sub(r"<b>\1</b>", html.escape(line.strip(), quote=False))


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append({"b": "**", "strong": "**", "li": "- ", "br": "\n"}.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        ends = {"b": "**", "strong": "**", "li": "\n", "p": "\n\n", "ul": "\n", "ol": "\n", "h3": "\n\n", "h4": "\n\n"}
        self.out.append(ends.get(tag, ""))

    def handle_data(self, data: str) -> None:
        self.out.append(data)


def to_plain(text: str) -> str:
    """The reverse of `from_plain`; also plain text for diff and search."""
    parser = _Plain()
    parser.feed(text)
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.out)).strip()


def is_plain(text: str) -> bool:
    """Whether the plain form can show this text without losing anything of it."""
    return _normal(from_plain(to_plain(text))) == _normal(text)


def _normal(text: str) -> str:
    text = re.sub(r' data-block-key="[^"]*"', "", text)
    return re.sub(r"\s+", " ", text.replace("strong>", "b>").replace("<br>", "<br/>")).strip()
