"""The texts of a release as they stand now: cleaned, and without the words that a reader struck out."""

from __future__ import annotations

from dataclasses import dataclass

from core import crypto
from media_pipeline.deid.folding import is_chinese
from media_pipeline.deid.striking import strike
from media_pipeline.models import PixelReview, TeachingRelease, TextStrike
from media_pipeline.release import sealing


@dataclass(frozen=True, slots=True)
class Struck:
    """A strike in plain words; `places` counts where it took something away."""

    row: TextStrike
    words: str
    places: int


def current_texts(release: TeachingRelease) -> dict[str, str]:
    """Name and wording. Raises ReleaseClosed."""
    return _struck(release)[0]


def strikes_of(release: TeachingRelease) -> list[Struck]:
    """In the order in which they were made. Raises ReleaseClosed."""
    return _struck(release)[1]


def mark_of(release: TeachingRelease, name: str, text: str) -> str:
    """Stands for one wording of one text; says nothing of it."""
    return crypto.mac(b"\n".join((release.pk.bytes, name.encode(), text.encode())), purpose=sealing.KEY_PURPOSE).hex()


def texts_missing(release: TeachingRelease, review: PixelReview | None) -> list[str]:
    """Names of the texts that this reader has not confirmed in their present wording."""
    read = review.texts if review else {}
    texts = current_texts(release)
    return [name for name, text in texts.items() if read.get(name) != mark_of(release, name, text)]


def seal_words(release: TeachingRelease, row: TextStrike, words: str) -> None:
    row.sealed_words = crypto.seal_bytes(
        words.encode(), data_key=sealing.data_key(release), context=sealing.context(release.pk, "strike", str(row.pk))
    )


def _words_of(release: TeachingRelease, row: TextStrike) -> str:
    context = sealing.context(release.pk, "strike", str(row.pk))
    plain = crypto.open_bytes(bytes(row.sealed_words), data_key=sealing.data_key(release), context=context)
    return plain.decode()


def _struck(release: TeachingRelease) -> tuple[dict[str, str], list[Struck]]:
    texts = sealing.open_texts(release)
    speaks_chinese = is_chinese(texts.values())
    made = []
    for row in release.strikes.select_related("struck_by"):
        words, places = _words_of(release, row), 0
        for name, text in texts.items():
            texts[name], count = strike(text, words, is_chinese=speaks_chinese)
            places += count
        made.append(Struck(row, words, places))
    return texts, made
