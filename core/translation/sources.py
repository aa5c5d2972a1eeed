"""Which strings a person may see: gathered from Python and from templates."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = frozenset({"migrations", "node_modules", "tests"})


def source_files(package: Path) -> Iterator[Path]:
    """The Python files and templates of a package, in stable order."""
    for path in sorted(package.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or SKIPPED & set(path.relative_to(package).parts):
            continue
        if path.suffix == ".py" or "templates" in path.parts:
            yield path


def _as_python(path: Path) -> bytes:
    """A template becomes Python-like text whose only calls are translations; indentation would upset the tokeniser."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    calls = templatize(text, origin=str(path))
    return "\n".join(line.strip() for line in calls.split("\n")).encode()


def template_catalog(package: Path) -> Catalog:
    """Every translatable string of the package with the files it stands in (no line numbers: they change too often)."""
    catalog = Catalog(charset="utf-8")
    for path in source_files(package):
        found = extract("python", io.BytesIO(_as_python(path)), keywords=KEYWORDS, options={"encoding": "utf-8"})
        where = path.relative_to(package.parent).as_posix()
        for _line, message, comments, context in found:
            if message and message != ("", ""):
                catalog.add(message, locations=[(where, 0)], auto_comments=comments, context=context)
    return catalog
