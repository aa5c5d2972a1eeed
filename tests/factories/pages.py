"""Scanned pages as they come from outside."""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image
from pypdf import PdfWriter


@cache
def paper(title: str = "page") -> bytes:
    """A PDF of one page; another title makes other bytes."""
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": title})
    writer.write(written)
    return written.getvalue()


@cache
def photo(kind: str = "JPEG", width: int = 320, height: int = 240) -> bytes:
    """A picture full of detail, so that it is no small file."""
    noise = random.Random(7).randbytes(width * height * 3)
    written = io.BytesIO()
    Image.frombytes("RGB", (width, height), noise).save(written, kind)
    return written.getvalue()
