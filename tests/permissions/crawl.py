"""Follow every link that a page offers, and compare all that comes back with what must never come back."""

from __future__ import annotations

import hashlib
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

from bs4 import BeautifulSoup
from PIL import Image, UnidentifiedImageError

CHUNK = 512  # bytes; long enough not to match by chance, short enough to find a part of a file
MOST_PAGES = 12_000
HASH_SIDE = 16
LEAST_SLOPE = 6  # grey levels between neighbours: what is flatter says nothing about a picture
LEAST_SLOPES = 60  # of 256: a nearly empty picture is like every other
UNLIKE = 0.1  # part of the slopes that may point the other way after scaling, another window and JPEG
BETWEEN = re.compile(r"[\s·•.．。・^_-]+")
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
class Slopes:
    """Which way the brightness of a small copy of a picture goes from each point to its right neighbour.

    `steep` marks the points where it goes far enough to mean something. Another size and another window change how
    bright a picture is, and hardly which way the brightness goes (a difference hash with a mask).
    """

    rises: int
    steep: int

    @property
    def count(self) -> int:
        return self.steep.bit_count()

    def is_like(self, other: Slopes) -> bool:
        """Whether the other picture goes the same way wherever both are steep, and both are at enough places."""
        both = self.steep & other.steep
        if both.bit_count() < max(LEAST_SLOPES, self.count // 2):
            return False
        return ((self.rises ^ other.rises) & both).bit_count() <= UNLIKE * both.bit_count()


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
    likes: list[tuple[Slopes, str]] = field(default_factory=list)

    def add_file(self, path: Path) -> None:
        """A file of the identified store; parts of 512 bytes that are not constant are remembered too.

        Of a rendered picture they begin with its scan: what stands before is the same for all pictures of one size.
        """
        data = path.read_bytes()
        self.files[_digest(data)] = path.name
        for start in range(_first_of_its_own(data), len(data) - CHUNK, max(CHUNK, len(data) // 64)):
            part = data[start : start + CHUNK]
            if len(set(part)) > 64:
                self.chunks[part[:CHUNK]] = path.name

    def add_picture(self, body: bytes, name: str, *, is_released: bool = False) -> None:
        """A rendered identified frame, by its decoded pixels; and by what it looks like, unless its study was released:
        the cleaned frame looks like it, and may.
        """
        digest = pixel_digest(body)
        if digest:
            self.pixels[digest] = name
        slopes = None if is_released else slopes_of(body)
        if slopes is not None and slopes.count >= LEAST_SLOPES:
            self.likes.append((slopes, name))

    def leaks_in(self, answer: Answer) -> Iterator[Leak]:
        """Everything identified that the answer holds."""
        if (name := self.files.get(_digest(answer.body))) is not None:
            yield Leak(answer.url, f"file {name}")
        yield from (Leak(answer.url, f"part of {name}") for part, name in self.chunks.items() if part in answer.body)
        if (digest := pixel_digest(answer.body)) in self.pixels:
            yield Leak(answer.url, f"picture {self.pixels[digest]}")
        if self.likes and digest and (shown := slopes_of(answer.body)) is not None:
            yield from (Leak(answer.url, f"like {name}") for slopes, name in self.likes if slopes.is_like(shown))
        text = squeezed(_text_of(answer))
        yield from (Leak(answer.url, f"name {name}") for name in self.names if squeezed(name) in text)


def _first_of_its_own(data: bytes) -> int:
    """Where a JPEG's tables end (ITU-T T.81, B.2: start of scan); 0 for every other file."""
    return max(0, data.find(b"\xff\xda")) if data.startswith(b"\xff\xd8") else 0


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


def slopes_of(body: bytes) -> Slopes | None:
    """None for what is no image, or none that has two points side by side."""
    try:
        with Image.open(io.BytesIO(body)) as image:
            small = image.convert("L").resize((HASH_SIDE + 1, HASH_SIDE), Image.Resampling.BOX)
    except (UnidentifiedImageError, OSError, ValueError):
        return None
    points, rises, steep = small.tobytes(), 0, 0
    for row in range(HASH_SIDE):
        for column in range(HASH_SIDE):
            at = row * (HASH_SIDE + 1) + column
            slope = points[at + 1] - points[at]
            bit = 1 << (row * HASH_SIDE + column)
            rises |= bit if slope > 0 else 0
            steep |= bit if abs(slope) >= LEAST_SLOPE else 0
    return Slopes(rises, steep)


def squeezed(text: str) -> str:
    """The text as somebody hides a name in it, undone: no blanks, dots, carets or hyphens, no capitals."""
    return BETWEEN.sub("", text).casefold()


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
    """Sign-out ends the session; sign-in pages carry the way back."""
    parts = urlsplit(url)
    return parts.path.startswith(("/accounts/logout", "/static/")) or "next=" in parts.query


def place_of(url: str) -> str:
    """What is visited once. Filters combine without end: of several together one combination of the same filters is,
    of a single one every value.
    """
    parts = urlsplit(url)
    names = sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
    return url if len(names) < 2 else f"{parts.path}?{'&'.join(names)}"


class NotWholeError(AssertionError):
    """The site has more pages than were visited: nothing is proved by the others."""


def crawl(fetch: Fetch, starts: Iterable[str], secrets: Secrets) -> tuple[list[Leak], list[Answer]]:
    """Every page that can be reached from `starts`, once; the leaks found, and the answers that failed (5xx).

    Raises NotWholeError when pages still wait after MOST_PAGES.
    """
    waiting = deque(dict.fromkeys(starts))
    seen = {place_of(url) for url in waiting}
    leaks: list[Leak] = []
    failures: list[Answer] = []
    visited = 0
    while waiting and visited < MOST_PAGES:
        answer = fetch(waiting.popleft())
        visited += 1
        leaks += secrets.leaks_in(answer)
        if answer.status >= 500:
            failures.append(answer)
        for url in links_of(answer):
            if not is_endless(url) and (place := place_of(url)) not in seen:
                seen.add(place)
                waiting.append(url)
    if waiting:
        raise NotWholeError(f"{len(waiting)} pages wait after {visited}, the first {waiting[0]}")
    return leaks, failures
