"""Printed documents: one Typst template each, its data as JSON beside it, never pasted into the source.

A template reads its data by `#let data = json(bytes(sys.inputs.data))`. The one typeface is Noto Sans SC (400 and 700),
which the front end's npm packages bring; system fonts are ignored, so that a document looks the same everywhere.
Rendering takes some 25 ms of CPU. Call it in a job, never inside a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import Unavailable

PDF_STANDARDS = ("a-3a", "ua-1")  # ISO 19005-3 level A and ISO 14289-1, both at once


class FontsMissing(Unavailable):
    code = "fonts_missing"
    message = _("The typeface for printed documents is not installed. Nothing was lost.")
    next_step = _("Build the front end again; the document is then made by itself.")


def font_folders() -> list[Path]:
    """The folders of `XINGLIN_FONT_DIRS`. Raises FontsMissing when one of them holds no typeface."""
    folders = [Path(folder) for folder in settings.XINGLIN_FONT_DIRS]
    if not all(any(folder.glob("*.ttf")) for folder in folders):
        raise FontsMissing
    return folders


def render(
    template: Path, *, data: dict[str, Any], now: datetime, pdf_standards: Sequence[str] = PDF_STANDARDS
) -> bytes:
    """The PDF of a template with its data. `now` is the document's date: equal data at one moment give equal bytes.

    Raises FontsMissing, and `typst.TypstError` for a fault in the template.
    """
    pdf = typst.compile(  # type: ignore[call-overload]  # the names of standards are plain words here
        str(template),
        root=str(template.parent),
        font_paths=[str(folder) for folder in font_folders()],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=list(pdf_standards),
        timestamp=int(now.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("one PDF was asked for")
    return pdf
