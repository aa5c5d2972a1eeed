"""What readers read of a release as it stands now: cleaned texts and header words, without what was struck out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core import crypto
from media_pipeline.deid.folding import is_chinese
from media_pipeline.deid.striking import stands_whole, strike, strike_value
from media_pipeline.models import PixelReview, TeachingRelease, TextStrike
from media_pipeline.release import sealing

#: The name of the text that all words of the image headers are for a reader.
HEADERS = "image_headers"
Headers = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Struck:
    """A strike in plain words; `places` counts where it took something away.

    In headers it goes from inside of longer words only where it stands by itself nowhere (`is_whole` is False): a
    strike of "Li" leaves LIVER.
    """

    row: TextStrike
    words: str
    places: int
    is_whole: bool

    @property
    def for_headers(self) -> dict[str, Any]:
        """As the cage takes it."""
        return {"words": self.words, "is_whole": self.is_whole}


@dataclass(frozen=True, slots=True)
class Reading:
    """Texts by name, the values that stay in the headers by keyword, and what was struck from both."""

    texts: dict[str, str]
    headers: Headers
    strikes: list[Struck]

    @property
    def all_texts(self) -> dict[str, str]:
        """What each reader confirms: the texts, and the words of the headers as one more."""
        headers = {HEADERS: json.dumps(self.headers, ensure_ascii=False)} if self.headers else {}
        return self.texts | headers

    def has(self, words: str) -> bool:
        values = [value for values in self.headers.values() for value in values]
        return any(strike(text, words, is_chinese=True)[1] for text in [*self.texts.values(), *values])


def reading_of(release: TeachingRelease) -> Reading:
    """Strikes in the order in which they were made. Raises ReleaseClosed."""
    reading = Reading(sealing.open_texts(release), header_words(_descriptors(release)), [])
    speaks_chinese = is_chinese(reading.texts.values())
    for row in release.strikes.select_related("struck_by"):
        _strike(reading, row, _words_of(release, row), speaks_chinese)
    return reading


def header_words(descriptors: Iterable[Headers | None]) -> Headers:
    """Short texts that stay in the headers of these objects, each value once, in an order of their own."""
    found: dict[str, set[str]] = {}
    for one in descriptors:
        for keyword, values in (one or {}).items():
            found.setdefault(keyword, set()).update(values)
    return {keyword: sorted(values) for keyword, values in sorted(found.items())}


def headers_digest(release: TeachingRelease) -> str:
    """Names what stays in the headers before anything is struck."""
    words = header_words(_descriptors(release))
    return crypto.digest(json.dumps(words).encode()) if words else ""


def mark_of(release: TeachingRelease, name: str, text: str) -> str:
    """Stands for one wording of one text; says nothing of it."""
    return crypto.mac(b"\n".join((release.pk.bytes, name.encode(), text.encode())), purpose=sealing.KEY_PURPOSE).hex()


def texts_missing(release: TeachingRelease, review: PixelReview | None) -> list[str]:
    """Names of the texts that this reader has not confirmed in their present wording."""
    read = review.texts if review else {}
    texts = reading_of(release).all_texts
    return [name for name, text in texts.items() if read.get(name) != mark_of(release, name, text)]


def seal_words(release: TeachingRelease, row: TextStrike, words: str) -> None:
    row.sealed_words = crypto.seal_bytes(
        words.encode(), data_key=sealing.data_key(release), context=sealing.context(release.pk, "strike", str(row.pk))
    )


def _words_of(release: TeachingRelease, row: TextStrike) -> str:
    context = sealing.context(release.pk, "strike", str(row.pk))
    plain = crypto.open_bytes(bytes(row.sealed_words), data_key=sealing.data_key(release), context=context)
    return plain.decode()


def _descriptors(release: TeachingRelease) -> list[Headers | None]:
    return list(release.candidates.order_by().values_list("facts__descriptors", flat=True).distinct())


def _strike(reading: Reading, row: TextStrike, words: str, speaks_chinese: bool) -> None:
    """From all of the reading, in place."""
    values = [value for values in reading.headers.values() for value in values]
    is_whole = any(stands_whole(text, words) for text in [*reading.texts.values(), *values])
    places = 0
    for name, text in reading.texts.items():
        reading.texts[name], count = strike(text, words, is_chinese=speaks_chinese)
        places += count
    for keyword in [*reading.headers]:
        made = [strike_value(value, words, is_whole=is_whole) for value in reading.headers.pop(keyword)]
        places += sum(count for _value, count in made)
        if left := sorted({value for value, _count in made} - {""}):
            reading.headers[keyword] = left
    reading.strikes.append(Struck(row, words, places, is_whole))
