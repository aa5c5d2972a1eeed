"""Whether a scanned page can be read to its end: a picture is decoded, a PDF opened to its pages. Runs in the cage."""

from __future__ import annotations

import logging
import os
from typing import BinaryIO

from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject, NullObject

MOST_PIXELS = 100_000_000  # an A3 page at 600 dpi has 70 million
TRAILER = 2048  # bytes at the end of a PDF in which its %%EOF stands (ISO 32000-1, 7.5.5), and some dirt behind it
FORMATS = ("JPEG", "PNG")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says may quote the page


def check_page(files: list[int], _blobs: list[bytes]) -> tuple[str, list[bytes]]:
    """A key of `judging.PAGE_FAULTS`; "" for a page that can be looked at. What the libraries raise means damaged."""
    with os.fdopen(os.dup(files[0]), "rb") as file:
        file.seek(0)
        return (_pdf_fault if file.read(5) == b"%PDF-" else _picture_fault)(file), []


def _picture_fault(file: BinaryIO) -> str:
    try:
        with _opened(file) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return "too_many_pixels"
            picture.verify()
    except Image.DecompressionBombError:
        return "too_many_pixels"
    with _opened(file) as picture:
        picture.draft("L", (picture.width // 8, picture.height // 8))  # a JPEG's stream is read whole, in less memory
        picture.load()
    return ""


def _opened(file: BinaryIO) -> Image.Image:
    file.seek(0)
    return Image.open(file, formats=FORMATS)


def _pdf_fault(file: BinaryIO) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TRAILER))
    if b"%%EOF" not in file.read():
        return "damaged"
    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        return "locked"
    contents = [
        page.get("/Contents") if page.get("/Contents") is None else page.raw_get("/Contents") for page in reader.pages
    ]
    return "" if contents and not any(_is_lost(one) for one in contents) else "damaged"


def _is_lost(reference: object) -> bool:
    """Whether it names an object that is not in the file."""
    return isinstance(reference, IndirectObject) and isinstance(reference.get_object(), NullObject | None)
