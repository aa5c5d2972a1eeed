"""A package's own catalogue: merged from its sources, checked for gaps, compiled."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.translation.sources import template_catalog

LANGUAGES = ("zh_Hans",)
#: A fixed date keeps a catalogue unchanged when its strings are.
HEADER_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def po_path(package: Path, language: str) -> Path:
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalog(package: Path, language: str) -> Catalog:
    path = po_path(package, language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def merge(package: Path, language: str) -> bool:
    """Bring the catalogue up to the sources: new strings stand empty, old ones go. Returns whether the file changed."""
    template = template_catalog(package)
    if not len(template):
        return False
    catalog = read_catalog(package, language)
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalog.fuzzy = False
    catalog.project, catalog.header_comment = "Xinglin", "# Xinglin, Apache-2.0"
    catalog.version, catalog.msgid_bugs_address = "1", "xinglin"
    catalog.last_translator, catalog.language_team = "Xinglin", "zh_Hans"
    catalog.creation_date = catalog.revision_date = HEADER_DATE
    catalog.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalog, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    path = po_path(package, language)
    if path.exists() and path.read_bytes() == written.getvalue():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written.getvalue())
    return True


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    parts = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(parts) and all(parts)


def gaps(package: Path, language: str) -> list[str]:
    """Source strings that have no translation in this package's own catalogue; a fuzzy one counts as missing."""
    catalog = read_catalog(package, language)
    missing = []
    for message in template_catalog(package):
        if message.id and not _is_translated(catalog.get(message.id, context=message.context)):
            key = message.id[0] if isinstance(message.id, list | tuple) else message.id
            missing.append(str(key))
    return sorted(missing)


def compile_po(path: Path, *, force: bool = False) -> bool:
    """Write the .mo beside a .po when it is older; returns whether it was written. Fuzzy entries are left out."""
    target = path.with_suffix(".mo")
    if not force and target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
        return False
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parts[-3], charset="utf-8")
    # Several processes may compile at once: each writes its own file, the last rename wins.
    passing = target.with_name(f".{target.name}.{os.getpid()}")
    with passing.open("wb") as file:
        write_mo(file, catalog)
    passing.replace(target)
    return True


def compile_all(root: Path, *, force: bool = False) -> int:
    """Compile every package's catalogues below `root`; returns how many were written."""
    return sum(compile_po(path, force=force) for path in sorted(root.glob("*/locale/*/LC_MESSAGES/*.po")))
