"""Follow every link that a page offers, and compare all that comes back with what must never come back."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit, urlunsplit

from bs4 import BeautifulSoup
from PIL import Image, UnidentifiedImageError

CHUNK = 512  # bytes; long enough not to match by chance, short enough to find a part of a file
MOST_PAGES = 4000
LINKS = (
    ("a", "href"), ("img", "src"), ("link", "href"), ("script", "src"), ("source", "src"), ("video", "src"),
    ("iframe", "src"), ("object", "data"), ("use", "href"),
)  # fmt: skip
FRAGMENT_ATTRIBUTES = ("hx-get", "data-src", "data-url", "data-frames", "poster")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request brought: the final address, status, media type and whole body."""

    url: str
    status: int
    media_type: str
    body: bytes


Fetch = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Leak:
    url: str
    what: str


@dataclass
class Secrets:
    """Everything identified: digests of whole files and of their parts, digests of decoded pixels, names."""

    names: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    chunks: dict[bytes, str] = field(default_factory=dict)
    pixels: dict[str, str] = field(default_factory=dict)

    def add_file(self, path: Path) -> None:
        """A file of the identified store; parts of 512 bytes that are not constant are remembered too."""
        data = path.read_bytes()
        self.files[_digest(data)] = path.name
        for start in range(0, len(data) - CHUNK, max(CHUNK, len(data) // 64)):
            part = data[start : start + CHUNK]
            if len(set(part)) > 64:
                self.chunks[part[:CHUNK]] = path.name

    def add_picture(self, body: bytes, name: str) -> None:
        """A rendered identified frame, by its decoded pixels."""
        digest = pixel_digest(body)
        if digest:
            self.pixels[digest] = name

    def leaks_in(self, answer: Answer) -> Iterator[Leak]:
        """Everything identified that the answer holds."""
        if (name := self.files.get(_digest(answer.body))) is not None:
            yield Leak(answer.url, f"file {name}")
        yield from (Leak(answer.url, f"part of {name}") for part, name in self.chunks.items() if part in answer.body)
        if (digest := pixel_digest(answer.body)) in self.pixels:
            yield Leak(answer.url, f"picture {self.pixels[digest]}")
        text = _text_of(answer)
        yield from (Leak(answer.url, f"name {name}") for name in self.names if name in text)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pixel_digest(body: bytes) -> str:
    """SHA-256 of an image's size and decoded RGB pixels; "" for what is no image."""
    try:
        with Image.open(io.BytesIO(body)) as image:
            picture = image.convert("RGB")
            return _digest(repr(picture.size).encode() + picture.tobytes())
    except (UnidentifiedImageError, OSError, ValueError):
        return ""


def _text_of(answer: Answer) -> str:
    """Words in a body: pages and JSON as they are (escapes undone), PDF through its text layer."""
    if answer.media_type == "application/pdf" or answer.body.startswith(b"%PDF"):
        return pdf_text(answer.body)
    text = answer.body.decode("utf-8", errors="ignore")
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), text)


def pdf_text(body: bytes) -> str:
    """Everything readable in a PDF: the text layer, the document information and attached files."""
    import pikepdf
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(body))
    parts = [page.extract_text() for page in reader.pages]
    parts += [str(value) for value in (reader.metadata or {}).values()]
    with pikepdf.open(io.BytesIO(body)) as document:
        parts += [
            document.attachments[name].get_file().read_bytes().decode("utf-8", errors="ignore")
            for name in document.attachments
        ]
    return "\n".join(parts)


def links_of(answer: Answer) -> Iterator[str]:
    """Addresses on the same site that a page names, without fragments."""
    if "html" not in answer.media_type:
        return
    soup = BeautifulSoup(answer.body, "html.parser")
    found: list[str] = []
    for tag, attribute in LINKS:
        found += [str(node[attribute]) for node in soup.find_all(tag) if node.has_attr(attribute)]
    for attribute in FRAGMENT_ATTRIBUTES:
        found += [str(node[attribute]) for node in soup.select(f"[{attribute}]")]
    home = urlsplit(answer.url).netloc
    for address in found:
        parts = urlsplit(urljoin(answer.url, address))
        if parts.scheme in {"http", "https"} and parts.netloc == home:
            yield urlunsplit((parts.scheme, parts.netloc, parts.path, parts.query, ""))


def is_endless(url: str) -> bool:
    """Sign-out ends the session; sign-in pages carry the way back; filters combine without end: one at a time."""
    parts = urlsplit(url)
    return parts.path.startswith(("/accounts/logout", "/static/")) or "next=" in parts.query or "&" in parts.query


def crawl(fetch: Fetch, starts: Iterable[str], secrets: Secrets) -> tuple[list[Leak], list[Answer]]:
    """Every page that can be reached from `starts`, once; the leaks found, and the answers that failed (5xx)."""
    waiting, seen = list(dict.fromkeys(starts)), set(starts)
    leaks: list[Leak] = []
    failures: list[Answer] = []
    visited = 0
    while waiting and visited < MOST_PAGES:
        answer = fetch(waiting.pop(0))
        visited += 1
        leaks += secrets.leaks_in(answer)
        if answer.status >= 500:
            failures.append(answer)
        for url in links_of(answer):
            if url not in seen and not is_endless(url):
                seen.add(url)
                waiting.append(url)
    return leaks, failures
